import { describe, expect, it } from "vitest";
import { forget, readHistory, remember, type Shelf } from "@/pages/sql/history";

function shelf(): Shelf & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
const ran = (query: string) => ({ at: "2026-11-21T12:00:00Z", query, ok: true });

describe("the history of SQL", () => {
  it("is kept per project, newest first, each text once", () => {
    const own = shelf();
    remember("a", ran("SELECT 1"), own);
    remember("a", ran("SELECT 2"), own);
    remember("a", ran("SELECT 1"), own);
    expect(readHistory("a", own).map(({ query }) => query)).toEqual(["SELECT 1", "SELECT 2"]);
    expect(readHistory("b", own)).toEqual([]);
  });

  it("is bounded, and can be forgotten", () => {
    const own = shelf();
    for (let n = 0; n < 130; n += 1) remember("a", ran(`SELECT ${n}`), own);
    expect(readHistory("a", own)).toHaveLength(100);
    remember("a", ran("x".repeat(30_000)), own);
    expect(readHistory("a", own)[0]?.query).toBe("SELECT 129");
    forget("a", own);
    expect(own.values.size).toBe(0);
  });

  it("survives what is not a history, and a storage that is full", () => {
    const own = shelf();
    own.setItem("busbar.sql-history.a", '[{"query":1},null,7');
    expect(readHistory("a", own)).toEqual([]);
    const full = { ...own, setItem: () => { throw new Error("full"); } };
    expect(remember("b", ran("SELECT 1"), full)).toHaveLength(1);
  });
});
