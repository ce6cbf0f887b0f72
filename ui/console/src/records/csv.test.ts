import { describe, expect, it } from "vitest";
import { csvCell, delimiterOf, parseCsv, toCsv } from "@/records/csv";

describe("parseCsv", () => {
  it("reads quotes, doubled quotes, commas and line breaks inside cells", () => {
    const file = parseCsv('name,note\r\n"Doe, Jane","said ""hi""\nand left"\r\nBob,\r\n');
    expect(file.header).toEqual(["name", "note"]);
    expect(file.rows).toEqual([
      ["Doe, Jane", 'said "hi"\nand left'],
      ["Bob", ""],
    ]);
    expect(file.ragged).toEqual([]);
  });

  it("names rows whose number of cells is wrong instead of shifting them", () => {
    const file = parseCsv("a,b\n1,2\n3\n4,5,6\n7,8");
    expect(file.rows).toEqual([
      ["1", "2"],
      ["7", "8"],
    ]);
    expect(file.ragged).toEqual([3, 4]);
    expect(file.numbers).toEqual([2, 5]);
  });

  it("refuses what is no CSV, and says where", () => {
    expect(() => parseCsv('a,b\n1,2\n"3,4\n5,6\n')).toThrow(/Row 3 opens a quotation mark/);
    expect(() => parseCsv("PK\u0003\u0004\0\0,b\n")).toThrow(/not a text file/);
  });

  it("ignores a byte order mark and blank lines", () => {
    const file = parseCsv("\ufeffa,b\n1,2\n\n3,4\n");
    expect(file.header).toEqual(["a", "b"]);
    expect(file.rows).toHaveLength(2);
  });

  it("keeps an empty last cell with and without a final line break", () => {
    expect(parseCsv("a,b\n1,").rows).toEqual([["1", ""]]);
    expect(parseCsv("a,b\n1,\n").rows).toEqual([["1", ""]]);
  });

  it("finds semicolons and tabs, but not those inside quotes", () => {
    expect(delimiterOf('"a;b;c",d')).toBe(",");
    expect(parseCsv("a;b\n1;2").rows).toEqual([["1", "2"]]);
    expect(parseCsv("a\tb\n1\t2").rows).toEqual([["1", "2"]]);
  });

  it("reads nothing from nothing", () => {
    expect(parseCsv("")).toEqual({ header: [], rows: [], numbers: [], ragged: [] });
  });
});

describe("toCsv", () => {
  it("writes what parseCsv reads", () => {
    const rows = [
      ["plain", 'quote " and, comma'],
      [" padded ", "two\nlines"],
    ];
    expect(parseCsv(toCsv(["x", "y z"], rows)).rows).toEqual(rows);
  });

  it("writes no value as NULL", () => {
    expect(toCsv(["a", "b"], [[null, ""]])).toBe("a,b\nNULL,\n");
  });

  it("quotes only what needs it", () => {
    expect(csvCell("plain")).toBe("plain");
    expect(csvCell('a"b')).toBe('"a""b"');
  });
});
