import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/client";
import { type Chunk, encodeChunk, ranges } from "@/records/chunks";
import { runImport } from "@/records/import";
import { readSource, type Source } from "@/records/source";

const options = { emptyTextIsNull: false };

function numbers(count: number): Source {
  return readSource("n.csv", `n\n${Array.from({ length: count }, (_, index) => index + 1).join("\n")}`);
}

function rowsIn(chunk: Chunk): string[] {
  return chunk.body.trim().split("\n").slice(1);
}

async function run(source: Source, insert: (chunk: Chunk) => Promise<void>, signal = new AbortController().signal) {
  const mapping = [{ index: 0, column: "n", type: "integer" }];
  return runImport({ source, mapping, options, insert, signal, onProgress: () => undefined, wait: async () => undefined });
}

describe("ranges", () => {
  it("covers every row once, in chunks of at most the size", () => {
    expect(ranges(5, 2)).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 4 },
      { start: 4, end: 5 },
    ]);
    expect(ranges(0)).toEqual([]);
    expect(ranges(4001).map((range) => range.end - range.start)).toEqual([2000, 2000, 1]);
  });
});

describe("encodeChunk", () => {
  const mapping = [
    { index: 0, column: "name", type: "string" },
    { index: 2, column: "age", type: "integer" },
  ];

  it("keeps empty text, empties other cells and leaves unmapped columns out", () => {
    const source = readSource("p.csv", "name,skip,age\n,x,\nAnn,y,3\n");
    expect(encodeChunk(source, mapping, 0, 2, options)).toEqual({ type: "text/csv", body: "name,age\n,NULL\nAnn,3\n" });
    expect(encodeChunk(source, mapping, 0, 1, { emptyTextIsNull: true }).body).toBe("name,age\nNULL,NULL\n");
  });

  it("sends rows with the text NULL as JSON, which can tell it from no value", () => {
    const source = readSource("p.csv", "name,skip,age\nNULL,x,\n");
    expect(encodeChunk(source, mapping, 0, 1, options)).toEqual({
      type: "application/json",
      body: '[{"name":"NULL","age":null}]',
    });
  });

  it("writes numbers in text columns as text and gives every object all keys", () => {
    const source = readSource("m.json", '[{"title":1776},{"title":"Up","year":2009}]');
    const columns = [
      { index: 0, column: "title", type: "string" },
      { index: 1, column: "year", type: "integer" },
    ];
    expect(JSON.parse(encodeChunk(source, columns, 0, 2, options).body)).toEqual([
      { title: "1776", year: null },
      { title: "Up", year: 2009 },
    ]);
  });
});

describe("runImport", () => {
  it("stores every row once when nothing is refused", async () => {
    const seen: string[] = [];
    const result = await run(numbers(4500), async (chunk) => void seen.push(...rowsIn(chunk)));
    expect(result).toMatchObject({ done: 4500, stored: 4500, problems: [] });
    expect(new Set(seen).size).toBe(4500);
  });

  it("finds the row at fault and stores all others", async () => {
    const stored: string[] = [];
    const result = await run(numbers(3000), async (chunk) => {
      if (rowsIn(chunk).includes("1234")) throw new ApiError(400, "22P02", "bad value");
      stored.push(...rowsIn(chunk));
    });
    expect(result.stored).toBe(2999);
    expect(result.problems).toEqual([{ row: 1235, message: "bad value" }]);
    expect(stored).toHaveLength(2999);
    expect(stored).not.toContain("1234");
  });

  it("stops, and says where, when the server fails", async () => {
    let calls = 0;
    const result = await run(numbers(5000), async () => {
      calls += 1;
      if (calls === 2) throw new ApiError(503, "down", "no database");
    });
    expect(calls).toBe(2);
    expect(result.stored).toBe(2000);
    expect(result.problems).toEqual([{ message: "Stopped at row 2002: no database" }]);
  });

  it("waits out a limit and gives up on a file in which nothing fits", async () => {
    let limited = true;
    const result = await run(numbers(10), async () => {
      if (limited) {
        limited = false;
        throw new ApiError(429, "limit", "slow down");
      }
    });
    expect(result.stored).toBe(10);
    const hopeless = await run(numbers(2000), async () => {
      throw new ApiError(400, "22P02", "bad");
    });
    expect(hopeless.stored).toBe(0);
    expect(hopeless.problems).toHaveLength(101);
  });
});
