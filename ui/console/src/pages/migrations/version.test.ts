import { describe, expect, it } from "vitest";
import { migrationNameProblem, nextVersion, versionProblem } from "@/pages/migrations/version";

describe("versions of migrations", () => {
  const now = new Date("2026-11-21T20:15:09Z");

  it("are moments, and above the newest", () => {
    expect(nextVersion(undefined, now)).toBe("20261121201509");
    expect(nextVersion("7", now)).toBe("20261121201509");
    expect(nextVersion("20991231235959", now)).toBe("20991231235960");
  });

  it("are compared as numbers of any length", () => {
    expect(versionProblem("100", "99")).toBeUndefined();
    expect(versionProblem("099", "99")).toMatch(/above 99/);
    expect(versionProblem("1a", undefined)).toMatch(/digits/);
    expect(migrationNameProblem("add-orders")).toBeUndefined();
    expect(migrationNameProblem("Add orders")).toMatch(/lower-case/);
  });
});
