import { describe, expect, it } from "vitest";
import { filterParams, keyFilter, operatorsFor, quoteName, quoteValue, sortParam } from "@/records/filter";

describe("filterParams", () => {
  it("keeps two filters on one column as two parameters", () => {
    const params = filterParams([
      { column: "age", operator: "gte", value: "18" },
      { column: "age", operator: "lt", value: "65" },
    ]);
    expect(params.getAll("age")).toEqual(["gte.18", "lt.65"]);
  });

  it("turns contains and starts with into patterns whose wildcards are the user's own letters", () => {
    expect(filterParams([{ column: "name", operator: "contains", value: "50%_a" }]).get("name")).toBe("ilike.*50\\%\\_a*");
    expect(filterParams([{ column: "name", operator: "starts", value: "Lon" }]).get("name")).toBe("ilike.Lon*");
  });

  it("leaves a plain value as typed and quotes the items of a list", () => {
    expect(filterParams([{ column: "city", operator: "eq", value: "a,b.(c)" }]).get("city")).toBe("eq.a,b.(c)");
    expect(filterParams([{ column: "city", operator: "in", value: "New York, Oslo,, x.y" }]).get("city")).toBe(
      'in.("New York",Oslo,"x.y")',
    );
  });

  it("puts columns with reserved names into a group", () => {
    const params = filterParams([{ column: "order", operator: "eq", value: "a b" }]);
    expect(params.get("order")).toBeNull();
    expect(params.get("and")).toBe('(order.eq."a b")');
  });

  it("asks for emptiness without a value", () => {
    expect(filterParams([{ column: "x", operator: "null", value: "ignored" }]).get("x")).toBe("is.null");
    expect(filterParams([{ column: "x", operator: "notnull", value: "" }]).get("x")).toBe("not.is.null");
  });
});

describe("names and values", () => {
  it("quotes what has reserved characters", () => {
    expect(quoteName("US Gross")).toBe("US Gross");
    expect(quoteName('a.b"c')).toBe('"a.b\\"c"');
    expect(quoteValue("plain-1")).toBe("plain-1");
    expect(quoteValue('say "x", ok')).toBe('"say \\"x\\", ok"');
    expect(quoteValue("null")).toBe('"null"');
    expect(quoteValue("")).toBe('""');
  });

  it("sorts with empty values last in both directions, and ends with the key", () => {
    expect(sortParam({ column: "a.b", descending: true }, [])).toBe('"a.b".desc.nullslast');
    expect(sortParam({ column: "city", descending: false }, ["id"])).toBe("city.asc.nullslast,id.asc");
    expect(sortParam({ column: "id", descending: false }, ["id"])).toBe("id.asc.nullslast");
    expect(sortParam(undefined, ["a", "b"])).toBe("a.asc,b.asc");
    expect(sortParam(undefined, [])).toBe("");
  });
});

describe("keyFilter", () => {
  it("names one row, several rows and rows with composite keys", () => {
    expect(keyFilter(["id"], [{ id: 7 }]).get("id")).toBe("eq.7");
    expect(keyFilter(["id"], [{ id: 7 }, { id: "a,b" }]).get("id")).toBe('in.(7,"a,b")');
    expect(keyFilter(["a", "b"], [{ a: 1, b: "x y" }]).get("or")).toBe('(and(a.eq.1,b.eq."x y"))');
  });

  it("refuses to name rows without a key, which would name them all", () => {
    expect(() => keyFilter([], [{ id: 1 }])).toThrow();
    expect(() => keyFilter(["id"], [])).toThrow();
  });
});

describe("operatorsFor", () => {
  it("offers patterns for text only and no order for booleans", () => {
    expect(operatorsFor("string")[0]).toBe("contains");
    expect(operatorsFor("integer")).not.toContain("contains");
    expect(operatorsFor("boolean")).toEqual(["eq", "null", "notnull"]);
    expect(operatorsFor("uuid")).not.toContain("gt");
  });
});
