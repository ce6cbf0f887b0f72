import type { Row } from "@/api/records";
import type { Column } from "@/api/tables";
import { draftOf, parseDraft } from "@/records/cell";

/** What each field holds: text, `null` for NULL, `undefined` for "leave it to the table". */
export type Draft = string | null | undefined;
export type Drafts = Record<string, Draft>;

export function draftsOf(columns: Column[], row: Row | undefined): Drafts {
  return Object.fromEntries(columns.map(({ columnName, type }) => [columnName, row ? draftOf(row[columnName], type) : undefined]));
}

/** The values to send, only those that differ from the row's, and a problem for each field that cannot be read. */
export function collectChange(columns: Column[], drafts: Drafts, row: Row | undefined): { change: Row; problems: Record<string, string> } {
  const change: Row = {};
  const problems: Record<string, string> = {};
  for (const column of columns) {
    const draft = drafts[column.columnName];
    if (draft === undefined) {
      if (!row && !column.isNullable && !hasDefault(column)) problems[column.columnName] = "This column needs a value.";
      continue;
    }
    if (row && draft === draftOf(row[column.columnName], column.type)) continue;
    const parsed = parseDraft(draft, column);
    if (parsed.ok) change[column.columnName] = parsed.value;
    else problems[column.columnName] = parsed.message;
  }
  return { change, problems };
}

/** Whether the table fills the column by itself; a required UUID always is. */
export function hasDefault(column: Column): boolean {
  return (column.defaultValue !== undefined && column.defaultValue !== null) || (column.type === "uuid" && !column.isNullable);
}
