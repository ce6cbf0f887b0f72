import { describe, expect, it } from "vitest";
import { mappingOf, newColumnsOf, planProblem, proposePlan } from "@/pages/tables/import/plan";
import { readSource } from "@/records/source";

const source = readSource("US Airports.csv", "iata,Latitude,id\n00M,31.9,1\n00R,30,2\n");

describe("proposePlan", () => {
  it("names and types a new table after the file", () => {
    const plan = proposePlan(source, undefined);
    expect(plan.tableName).toBe("us_airports");
    expect(plan.columns.map(({ target, type }) => [target, type])).toEqual([
      ["iata", "string"],
      ["latitude", "float"],
      ["source_id", "integer"],
    ]);
    expect(planProblem(plan, true)).toBeUndefined();
    expect(newColumnsOf(plan)).toHaveLength(3);
  });

  it("finds the columns of an existing table and leaves the rest out", () => {
    const column = (columnName: string, type: string) => ({ columnName, type, isNullable: true, isPrimaryKey: false, isUnique: false });
    const table = {
      name: "airports",
      columns: [column("IATA", "string"), column("latitude", "float")],
      foreignKeys: [],
      referring: [],
      indexes: [],
      rowSecurity: true,
      recordCount: 0,
      policies: [],
    };
    expect(mappingOf(proposePlan(source, table))).toEqual([
      { index: 0, column: "IATA", type: "string" },
      { index: 1, column: "latitude", type: "float" },
    ]);
  });

  it("says what keeps a plan from being carried out", () => {
    const plan = proposePlan(source, undefined);
    const [first, second, third] = plan.columns;
    if (!first || !second || !third) throw new Error("three columns");
    expect(planProblem({ ...plan, columns: [first, { ...second, target: "iata" }, third] }, true)).toMatch(/Two columns/);
    expect(planProblem({ ...plan, tableName: "" }, true)).toMatch(/table's name/);
    expect(planProblem({ ...plan, columns: [{ ...first, target: "" }] }, false)).toMatch(/at least one/);
  });
});
