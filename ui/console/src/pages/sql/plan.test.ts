import { describe, expect, it } from "vitest";
import { readPlan } from "@/pages/sql/plan";

describe("readPlan", () => {
  it("reads SQLite's steps", () => {
    const plan = readPlan([{ Plan: { "Node Type": "SQLite", Steps: ["SCAN t", "USE TEMP B-TREE FOR ORDER BY"] } }]);
    expect(plan?.nodes.map(({ title }) => title)).toEqual(["SCAN t", "USE TEMP B-TREE FOR ORDER BY"]);
  });

  it("gives each of PostgreSQL's steps its own time", () => {
    const scan = { "Node Type": "Seq Scan", "Relation Name": "t", "Actual Total Time": 2, "Actual Loops": 3, "Actual Rows": 5, "Plan Rows": 4 };
    const plan = readPlan([{ Plan: { "Node Type": "Nested Loop", "Actual Total Time": 10, "Actual Loops": 1, Plans: [scan] }, "Execution Time": 11 }]);
    expect(plan?.total).toBe(11);
    expect(plan?.nodes[0]).toMatchObject({ title: "Nested Loop", milliseconds: 4 });
    expect(plan?.nodes[0]?.children[0]).toMatchObject({ milliseconds: 6, rows: 15, planned: 12, details: ["on t"] });
  });

  it("knows what is no plan", () => {
    expect(readPlan("text")).toBeUndefined();
    expect(readPlan([])).toBeUndefined();
  });
});
