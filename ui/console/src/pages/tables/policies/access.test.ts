import { describe, expect, it } from "vitest";
import { accessOf } from "@/pages/tables/policies/access";

const policy = (part: object) => ({ name: "p", command: "select", roles: ["anon"], permissive: true, using: null, check: null, ...part });

describe("accessOf", () => {
  it("is everything without row security, and nothing without a policy", () => {
    expect(accessOf({ rowSecurity: false, policies: [] }, "anon", "delete")).toBe("all");
    expect(accessOf({ rowSecurity: true, policies: [] }, "anon", "select")).toBe("none");
  });

  it("follows roles, commands and conditions", () => {
    const policies = [policy({ using: "true" }), policy({ command: "all", roles: ["authenticated"], using: "owner = auth.uid()" })];
    const table = { rowSecurity: true, policies };
    expect(accessOf(table, "anon", "select")).toBe("all");
    expect(accessOf(table, "anon", "insert")).toBe("none");
    expect(accessOf(table, "authenticated", "select")).toBe("some");
    expect(accessOf(table, "authenticated", "insert")).toBe("some");
  });

  it("lets nobody change what they cannot see, and restrictive policies narrow", () => {
    const blind = { rowSecurity: true, policies: [policy({ command: "update", using: "true", check: "true" })] };
    expect(accessOf(blind, "anon", "update")).toBe("none");
    const narrowed = { rowSecurity: true, policies: [policy({ using: "true" }), policy({ name: "q", permissive: false, using: "public" })] };
    expect(accessOf(narrowed, "anon", "select")).toBe("some");
    const onlyNarrow = { rowSecurity: true, policies: [policy({ permissive: false, using: "true" })] };
    expect(accessOf(onlyNarrow, "anon", "select")).toBe("none");
  });
});
