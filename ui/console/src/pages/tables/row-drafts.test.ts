import { describe, expect, it } from "vitest";
import type { Column } from "@/api/tables";
import { collectChange, draftsOf } from "@/pages/tables/row-drafts";

const column = (columnName: string, type: string, part: Partial<Column> = {}): Column => ({
  columnName,
  type,
  isNullable: true,
  isPrimaryKey: false,
  isUnique: false,
  ...part,
});
const columns = [column("id", "uuid", { isNullable: false, isPrimaryKey: true }), column("title", "string", { isNullable: false }), column("n", "integer")];

describe("collectChange", () => {
  it("sends only what was changed", () => {
    const row = { id: "a", title: "x", n: 1 };
    const drafts = { ...draftsOf(columns, row), n: "2" };
    expect(collectChange(columns, drafts, row)).toEqual({ change: { n: 2 }, problems: {} });
  });

  it("leaves untouched fields of a new row to the table, but asks for required ones", () => {
    expect(collectChange(columns, draftsOf(columns, undefined), undefined)).toEqual({
      change: {},
      problems: { title: "This column needs a value." },
    });
    expect(collectChange(columns, { title: "" }, undefined)).toEqual({ change: { title: "" }, problems: {} });
  });

  it("tells NULL from empty text and names what cannot be read", () => {
    const row = { id: "a", title: "x", n: 1 };
    const drafts = { ...draftsOf(columns, row), title: null, n: "many" };
    expect(collectChange(columns, drafts, row)).toEqual({
      change: {},
      problems: { title: "This column needs a value.", n: "Type a whole number." },
    });
  });
});
