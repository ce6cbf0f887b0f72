/** Runs named checks one after the other, prints a line for each, and counts. */
export class Checks {
  passed = 0;
  failed = 0;

  /** Runs one check; a check fails by throwing, and the tour goes on. */
  async run(name, body) {
    try {
      await body();
      this.passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      this.failed += 1;
      const message = error instanceof Error ? error.message : String(error);
      console.log(`FAIL  ${name}: ${message.split("\n").slice(0, 6).join(" | ")}`);
    }
  }

  /** Prints the last line and answers the exit code. */
  finish() {
    console.log(`browser: ${this.passed} passed, ${this.failed} failed, 0 skipped`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

/** Asks again until the answer is the expected one, for what the page shows a moment later. */
export async function eventually(read, expected, what) {
  const deadline = Date.now() + 8_000;
  let last;
  do {
    last = await read();
    if (last === expected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (Date.now() < deadline);
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(last)}`);
}
