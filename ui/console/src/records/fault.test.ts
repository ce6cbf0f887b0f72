import { describe, expect, it } from "vitest";
import { columnAtFault } from "@/records/fault";

const mapping = [
  { index: 0, column: "id", type: "integer" },
  { index: 1, column: "price", type: "float" },
];

describe("columnAtFault", () => {
  it("finds the column by its name or by the value", () => {
    expect(columnAtFault('null value in column "price" violates not-null constraint', ["1", ""], mapping)).toBe("price");
    expect(columnAtFault('invalid input syntax for type integer: "x1"', ["x1", "2"], mapping)).toBe("id");
  });

  it("says nothing when it cannot know", () => {
    expect(columnAtFault('invalid input syntax: "7"', ["7", "7"], mapping)).toBeUndefined();
    expect(columnAtFault("something else", ["1", "2"], mapping)).toBeUndefined();
  });
});
