/** A version for a new migration: now, to the second, but always above the newest one. */
export function nextVersion(newest: string | undefined, now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, "").slice(0, 14);
  if (newest === undefined || !/^\d+$/.test(newest)) return stamp;
  return BigInt(newest) >= BigInt(stamp) ? String(BigInt(newest) + 1n) : stamp;
}

/** What is wrong with a version, or nothing. */
export function versionProblem(version: string, newest: string | undefined): string | undefined {
  if (!/^\d{1,64}$/.test(version)) return "A version is made of 1 to 64 digits.";
  if (newest !== undefined && BigInt(version) <= BigInt(newest)) return `It must be above ${newest}, the newest one.`;
  return undefined;
}

/** What is wrong with a name, or nothing. */
export function migrationNameProblem(name: string): string | undefined {
  return /^[a-z0-9-]{1,200}$/.test(name) ? undefined : "Use lower-case letters, digits and dashes.";
}
