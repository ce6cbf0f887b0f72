import { describe, expect, it } from "vitest";
import { columnNames, identifier, inferType } from "@/records/infer";
import { readSource } from "@/records/source";

describe("inferType", () => {
  it("finds the narrowest type of CSV cells", () => {
    expect(inferType(["1", "", "-20"], "csv")).toBe("integer");
    expect(inferType(["1", "2.5", "-3e4"], "csv")).toBe("float");
    expect(inferType(["1", "3000000000"], "csv")).toBe("float");
    expect(inferType(["true", "FALSE"], "csv")).toBe("boolean");
    expect(inferType(["2026-01-31", "2026-02-01"], "csv")).toBe("date");
    expect(inferType(["2026-01-31", "2026-02-01T10:00:00Z"], "csv")).toBe("datetime");
    expect(inferType(["00M", "12"], "csv")).toBe("string");
    expect(inferType(["", ""], "csv")).toBe("string");
  });

  it("leaves numbers with leading zeros as text", () => {
    expect(inferType(["01234", "99999"], "csv")).toBe("string");
    expect(inferType(["0", "0.5"], "csv")).toBe("float");
  });

  it("takes JSON values at their word", () => {
    expect(inferType([1, null, 2.5], "json")).toBe("float");
    expect(inferType(["1", "2"], "json")).toBe("string");
    expect(inferType(["Up", 1776], "json")).toBe("string");
    expect(inferType([{ a: 1 }, [1]], "json")).toBe("json");
  });
});

describe("names", () => {
  it("makes identifiers out of headings", () => {
    expect(identifier("US Gross ($)")).toBe("us_gross");
    expect(identifier("Café Été")).toBe("cafe_ete");
    expect(identifier("2nd")).toBe("_2nd");
  });

  it("keeps names unique and away from the columns the server adds", () => {
    expect(columnNames(["id", "A b", "a-b", ""])).toEqual(["source_id", "a_b", "a_b_2", "column_4"]);
  });
});

describe("readSource", () => {
  it("reads arrays, single objects and one object per line", () => {
    expect(readSource("a.json", '[{"a":1},{"b":2}]').rows).toEqual([
      [1, null],
      [null, 2],
    ]);
    expect(readSource("a.json", '{"a":1}').rows).toEqual([[1]]);
    expect(readSource("a.jsonl", '{"a":1}\n{"a":2}\n').rows).toEqual([[1], [2]]);
  });

  it("keeps the digits of integers that are too large for a number", () => {
    const source = readSource("a.json", '[{"n":12345678901234567890},{"n":-7},{"n":1.5e300}]');
    expect(source.rows).toEqual([["12345678901234567890"], [-7], [1.5e300]]);
    const quoted = readSource("a.json", '[{"n":"a \\"12345678901234567890\\" b"},{"n":0.12345678901234567}]');
    expect(quoted.rows).toEqual([['a "12345678901234567890" b'], [0.12345678901234567]]);
  });

  it("says what is wrong with a file", () => {
    expect(() => readSource("a.json", "{oops")).toThrow(/not valid JSON/);
    expect(() => readSource("a.csv", "")).toThrow(/empty/);
    expect(readSource("a.json", '[1,{"a":1}]').skipped).toEqual([{ row: 1, reason: "is not an object" }]);
  });
});
