export interface Random {
  /** A whole number from 0 to before `limit`. */
  below(limit: number): number;
}

/** The same numbers for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (limit) => Math.floor(next() * limit) };
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** What disks, networks and people do to files, and what a hostile one would hold. */
const mutations: readonly Mutation[] = [
  flipBits,
  overwrite,
  truncate,
  cutOut,
  repeatBlock,
  zeroBlock,
  hugeNumber,
  shuffleHead,
];

/** One to three mutations of a copy. */
export function mutate(original: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let count = 1 + random.below(3); count > 0; count -= 1) {
    const mutation = mutations[random.below(mutations.length)];
    if (mutation && bytes.length > 64) bytes = Buffer.from(mutation(bytes, random));
  }
  return bytes;
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random.below(16); count > 0; count -= 1) {
    const at = random.below(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at);
  }
  return bytes;
}

function overwrite(bytes: Buffer, random: Random): Buffer {
  const { start, end } = block(bytes, random, 64);
  for (let at = start; at < end; at += 1) bytes.writeUInt8(random.below(256), at);
  return bytes;
}

function truncate(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, 32 + random.below(bytes.length - 32));
}

function cutOut(bytes: Buffer, random: Random): Buffer {
  const { start, end } = block(bytes, random, 4096);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
}

function repeatBlock(bytes: Buffer, random: Random): Buffer {
  const { start, end } = block(bytes, random, 4096);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
}

function zeroBlock(bytes: Buffer, random: Random): Buffer {
  const { start, end } = block(bytes, random, 4096);
  return bytes.fill(0, start, end);
}

/** Sizes, counts and times are 32-bit numbers in most containers. */
function hugeNumber(bytes: Buffer, random: Random): Buffer {
  const values = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
  bytes.writeUInt32BE(values[random.below(values.length)] ?? 0, random.below(bytes.length - 4));
  return bytes;
}

/** Headers lie in front. */
function shuffleHead(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random.below(4); count > 0; count -= 1) {
    bytes.writeUInt8(random.below(256), random.below(Math.min(bytes.length, 1024)));
  }
  return bytes;
}

function block(bytes: Buffer, random: Random, maxLength: number): { start: number; end: number } {
  const start = random.below(bytes.length);
  return { start, end: Math.min(bytes.length, start + 1 + random.below(maxLength)) };
}
