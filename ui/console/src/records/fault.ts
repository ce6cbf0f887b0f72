import type { Mapping } from "@/records/chunks";

/**
 * The column at fault in a refused row, as far as the database's sentence gives it away: it names the column, or it
 * quotes a value that only one of the row's cells holds.
 */
export function columnAtFault(message: string, row: unknown[], mapping: Mapping[]): string | undefined {
  const named = mapping.filter(({ column }) => new RegExp(`column "?${escaped(column)}"?(?![\\w-])`, "i").test(message));
  if (named.length === 1) return named[0]?.column;
  const quoted = [...message.matchAll(/"([^"]*)"/g)].map(([, value]) => value);
  const holding = mapping.filter(({ index }) => row[index] !== "" && row[index] !== null && quoted.includes(String(row[index])));
  return holding.length === 1 ? holding[0]?.column : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
