import { describe, expect, it } from "vitest";
import type { Variable } from "@/api/variables";
import { groupVariables, isSet } from "@/pages/variables/grouping";

function variable(name: string, group: string, value: string | null, source: string): Variable {
  return { name, group, value, source, help: `Help of ${name}`, secret: false, aliases: [`OLD_${name}`] };
}

const all = [variable("PORT", "server", "7130", "default"), variable("REDIS_URL", "cache", "redis://", "environment"), variable("HOST", "server", null, "default")];

describe("groupVariables", () => {
  it("keeps the server's order within groups", () => {
    expect(groupVariables(all, "", false).map(([group, members]) => [group, members.map(({ name }) => name)])).toEqual([
      ["server", ["PORT", "HOST"]],
      ["cache", ["REDIS_URL"]],
    ]);
  });

  it("finds by alias and help, and tells set from default", () => {
    expect(groupVariables(all, "old_redis", false)).toHaveLength(1);
    expect(groupVariables(all, "help of port", false)).toHaveLength(1);
    expect(groupVariables(all, "", true).map(([group]) => group)).toEqual(["cache"]);
    expect(all.filter(isSet)).toHaveLength(1);
  });
});
