import { describe, expect, it } from "vitest";
import type { Finding } from "@/api/advisor";
import type { Table } from "@/api/tables";
import { adviceFor } from "@/pages/tables/indexes/advice";

const finding = (rule: string, affectedObject: string): Finding => ({
  rule,
  affectedObject,
  severity: "info",
  title: "",
  description: "",
  recommendation: "",
});
const index = (name: string, column: string) => ({ name, definition: `CREATE INDEX ${name} ON posts (${column})`, isUnique: false, isPrimary: false });
const table: Table = {
  name: "posts",
  columns: [],
  foreignKeys: [{ referenceTable: "authors", referenceColumns: [{ sourceColumn: "author_id", referenceColumn: "id" }] }],
  referring: [],
  indexes: [index("by_author", "author_id"), index("by_title", "title")],
  rowSecurity: true,
  recordCount: 0,
  policies: [],
};

describe("adviceFor", () => {
  it("says what would follow, for this table alone", () => {
    const told = adviceFor([finding("fk-missing-index", "public.posts.a,b"), finding("fk-missing-index", "public.other.a"), finding("rls-disabled", "public.posts")], table);
    expect(told).toMatchObject([{ kind: "add", columns: ["a", "b"] }]);
  });

  it("never advises to drop what it would then advise to make", () => {
    const told = adviceFor([finding("unused-index", "public.posts.by_author"), finding("unused-index", "public.posts.by_title")], table);
    expect(told).toMatchObject([{ kind: "drop", index: "by_title" }]);
  });
});
