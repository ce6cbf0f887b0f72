import { describe, expect, it } from "vitest";
import { moveCell } from "@/pages/tables/grid/use-grid-keys";

describe("moveCell", () => {
  const from = { row: 1, column: 1 };

  it("moves by one and stops at the edges", () => {
    expect(moveCell(from, "ArrowDown", 3, 3, false)).toEqual({ row: 2, column: 1 });
    expect(moveCell({ row: 2, column: 2 }, "ArrowDown", 3, 3, false)).toEqual({ row: 2, column: 2 });
    expect(moveCell({ row: 0, column: 0 }, "ArrowLeft", 3, 3, false)).toEqual({ row: 0, column: 0 });
    expect(moveCell(from, "PageDown", 40, 3, false)).toEqual({ row: 16, column: 1 });
  });

  it("goes to the ends of the row, and with the command key of the page", () => {
    expect(moveCell(from, "End", 3, 3, false)).toEqual({ row: 1, column: 2 });
    expect(moveCell(from, "End", 3, 3, true)).toEqual({ row: 2, column: 2 });
    expect(moveCell(from, "Home", 3, 3, true)).toEqual({ row: 0, column: 0 });
  });

  it("leaves other keys alone", () => {
    expect(moveCell(from, "x", 3, 3, false)).toBeUndefined();
  });
});
