import type { RateLimit } from "../../kernel/rate-limits.ts";
import type { RedisLink } from "./link.ts";

export interface Taking {
  want: number;
  /** Of a lease before, unspent; counted while the window in which it was granted, or the next, lasts. */
  back: number;
  backWindow: number;
  leaseMs: number;
}

export interface Taken {
  /** Up to `want`. */
  granted: number;
  /** Tokens still in the bucket. */
  left: number;
  window: number;
  /** Until there may be a token, when none was granted; otherwise 0. */
  waitMs: number;
}

/**
 * `t` tokens as of `a` (ms), and `h` and `p` that were leased in this window of `leaseMs` and in the one before. A lease may
 * be spent until the end of the window after its own, so bucket and leases together never hold more than the burst: else
 * the bucket would fill up while leased tokens wait, and both be spent at once. Therefore in no span of time is more spent than
 * burst + rate x time, by however many processes. The first token of a lease is spent by who asked, at once.
 */
const script = `
local burst, rate, want = tonumber(ARGV[1]), tonumber(ARGV[2]) / 1000, tonumber(ARGV[3])
local back, backWindow, leaseMs = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local time = redis.call('TIME')
local stored = redis.call('HMGET', KEYS[1], 't', 'a', 'h', 'p')
local now = time[1] * 1000 + time[2] / 1000
local a = tonumber(stored[2]) or now
local t, h, p = tonumber(stored[1]) or burst, tonumber(stored[3]) or 0, tonumber(stored[4]) or 0
now = math.max(now, a)
local function fill(at)
  t = math.max(t, math.min(burst - h - p, t + (at - a) * rate))
  a = at
end
local window = math.floor(a / leaseMs)
for step = 1, 2 do
  local edge = (window + step) * leaseMs
  if now < edge then break end
  fill(edge)
  p, h = h, 0
end
fill(now)
window = math.floor(now / leaseMs)
if backWindow == window then
  back = math.min(back, h)
  h = h - back
elseif backWindow == window - 1 then
  back = math.min(back, p)
  p = p - back
else
  back = 0
end
t = t + back
local granted = math.min(want, math.floor(t))
t = t - granted
if granted > 1 then h = h + granted - 1 end
redis.call('HSET', KEYS[1], 't', t, 'a', a, 'h', h, 'p', p)
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - t) / rate) + 2 * leaseMs)
local wait = 0
if granted == 0 then
  wait = math.ceil((1 - t) / rate)
  if burst - h - p < 1 then wait = wait + (window + 2) * leaseMs - now end
end
return {granted, tostring(t), window, math.ceil(wait)}`;

/** Takes tokens from a bucket in Redis; throws when the link is down or gets lost. */
export async function takeTokens(
  link: RedisLink,
  key: string,
  { burst, perSecond }: RateLimit,
  { want, back, backWindow, leaseMs }: Taking,
): Promise<Taken> {
  const reply = await link.run(script, key, [burst, perSecond, want, back, backWindow, leaseMs]);
  const [granted, left, window, waitMs] = Array.isArray(reply)
    ? reply.map((part) => Number(String(part)))
    : [];
  if (granted === undefined || left === undefined || window === undefined || waitMs === undefined)
    throw new Error("Redis answered something else than tokens");
  return { granted, left, window, waitMs };
}
