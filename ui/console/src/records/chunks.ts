import type { Source } from "@/records/source";
import { toCsv } from "@/records/csv";

/** The most rows sent in one request; the server stores each request whole or not at all. */
export const CHUNK_ROWS = 2_000;

/** Where one column of the file goes. */
export interface Mapping {
  index: number;
  column: string;
  type: string;
}

export interface Chunk {
  type: "text/csv" | "application/json";
  body: string;
}

export interface EncodeOptions {
  /** Whether an empty cell of a text column becomes NULL; in other columns it always does. */
  emptyTextIsNull: boolean;
}

/** Splits `[start, end)` into ranges of at most `size`. */
export function ranges(count: number, size = CHUNK_ROWS): { start: number; end: number }[] {
  const list = [];
  for (let start = 0; start < count; start += size) list.push({ start, end: Math.min(start + size, count) });
  return list;
}

/** The request body for some rows of a file. */
export function encodeChunk(source: Source, mapping: Mapping[], start: number, end: number, options: EncodeOptions): Chunk {
  const rows = source.rows.slice(start, end).map((row) => mapping.map((to) => convert(row[to.index], to.type, options)));
  // CSV cannot tell the text NULL from no value, so such rows travel as JSON; so do values that are not text.
  const asCsv = source.format === "csv" && !rows.some((row) => row.some((value) => value === "NULL"));
  if (asCsv) {
    const header = mapping.map((to) => to.column);
    return { type: "text/csv", body: toCsv(header, rows as (string | null)[][]) };
  }
  const objects = rows.map((row) => Object.fromEntries(mapping.map((to, index) => [to.column, row[index] ?? null])));
  return { type: "application/json", body: JSON.stringify(objects) };
}

function convert(value: unknown, type: string, options: EncodeOptions): unknown {
  if (value === null || value === undefined) return null;
  if (value === "") return type === "string" && !options.emptyTextIsNull ? "" : null;
  if (type === "string" && typeof value !== "string") return typeof value === "object" ? JSON.stringify(value) : String(value);
  return value;
}
