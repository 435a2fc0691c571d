/** Names each step as it begins and remembers how long it took. */
export class Steps {
  readonly #taken: { name: string; seconds: number }[] = [];

  async run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    console.log(`\n== ${name}`);
    const startedMs = performance.now();
    const result = await work();
    this.#taken.push({ name, seconds: (performance.now() - startedMs) / 1000 });
    return result;
  }

  print(): void {
    const total = this.#taken.reduce((sum, { seconds }) => sum + seconds, 0);
    console.log("");
    for (const { name, seconds } of [...this.#taken, { name: "in all", seconds: total }]) {
      console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
    }
  }
}
