import type { Row } from "@/api/records";

/** One text for a row's primary key; rows of a table without one share the empty text. */
export function rowId(row: Row, keys: string[]): string {
  return keys.map((key) => JSON.stringify(row[key] ?? null)).join("\u0000");
}
