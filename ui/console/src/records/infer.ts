import type { ColumnType } from "@/api/tables";

const INTEGER = /^[+-]?(0|[1-9]\d{0,9})$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const BOOLEAN = /^(true|false)$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATETIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INT32 = 2_147_483_647;

/** The type of one CSV cell. A number with leading zeros (a postcode, an account) stays text. */
function cellType(cell: string): ColumnType {
  if (BOOLEAN.test(cell)) return "boolean";
  if (INTEGER.test(cell)) return Math.abs(Number(cell)) <= INT32 ? "integer" : "float";
  if (FLOAT.test(cell) && !/^[+-]?0\d/.test(cell)) return "float";
  if (UUID.test(cell)) return "uuid";
  if (DATE.test(cell)) return "date";
  if (DATETIME.test(cell)) return "datetime";
  return "string";
}

/** The type of one JSON value. */
function valueType(value: unknown): ColumnType {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) && Math.abs(value) <= INT32 ? "integer" : "float";
  if (typeof value === "object") return "json";
  const type = cellType(String(value));
  return type === "integer" || type === "float" || type === "boolean" ? "string" : type;
}

/** The narrowest type that holds both. */
export function widen(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const pair = new Set([a, b]);
  if (pair.has("integer") && pair.has("float")) return "float";
  if (pair.has("date") && pair.has("datetime")) return "datetime";
  return pair.has("json") ? "json" : "string";
}

/** The type of a whole column; every value is looked at, empty ones say nothing. */
export function inferType(values: Iterable<unknown>, from: "csv" | "json"): ColumnType {
  let type: ColumnType | undefined;
  for (const value of values) {
    if (value === null || value === undefined || value === "") continue;
    const next = from === "csv" ? cellType(String(value)) : valueType(value);
    type = type === undefined ? next : widen(type, next);
    if (type === "string") break;
  }
  return type ?? "string";
}

const AUTOMATIC = ["id", "created_at", "updated_at"];

/** Names fit for columns: lower case, digits and underscores, unique, and none the server adds by itself. */
export function columnNames(header: string[]): string[] {
  const taken = new Set(AUTOMATIC);
  return header.map((name, index) => {
    const base = identifier(name) || `column_${index + 1}`;
    let candidate = AUTOMATIC.includes(base) ? `source_${base}` : base;
    for (let n = 2; taken.has(candidate); n += 1) candidate = `${base}_${n}`;
    taken.add(candidate);
    return candidate;
  });
}

/** "US Gross ($)" → "us_gross"; at most 60 characters, never starting with a digit. */
export function identifier(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 60);
  return /^\d/.test(plain) ? `_${plain}` : plain;
}
