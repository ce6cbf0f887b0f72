import type { Column } from "@/api/tables";

/** How a value looks in the grid: one line of text. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** Whether a column's values line up on the right, as numbers do. */
export function isNumeric(type: string): boolean {
  return /^(integer|float|bigint|smallint|numeric|double precision|real)$/.test(type);
}

/** What an input shows for a value; `null` stays `null` so that it can be told from empty text. */
export function draftOf(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" || type === "json") return JSON.stringify(value, null, 2);
  return String(value);
}

export type Parsed = { ok: true; value: unknown } | { ok: false; message: string };

/** Reads what was typed for a column, or says in one sentence what is wrong with it. */
export function parseDraft(draft: string | null, column: Pick<Column, "columnName" | "type" | "isNullable">): Parsed {
  if (draft === null) {
    return column.isNullable ? { ok: true, value: null } : { ok: false, message: "This column needs a value." };
  }
  const text = draft.trim();
  if (column.type !== "string" && text === "") return parseDraft(null, column);
  switch (column.type) {
    case "integer":
      return /^[+-]?\d+$/.test(text) ? { ok: true, value: exactNumber(text) } : { ok: false, message: "Type a whole number." };
    case "float":
      return Number.isFinite(Number(text)) ? { ok: true, value: Number(text) } : { ok: false, message: "Type a number." };
    case "boolean":
      if (text === "true" || text === "false") return { ok: true, value: text === "true" };
      return { ok: false, message: "Type true or false." };
    case "json":
      try {
        return { ok: true, value: JSON.parse(text) as unknown };
      } catch {
        return { ok: false, message: "This is not valid JSON. Text needs double quotes around it." };
      }
    case "date":
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? { ok: true, value: text } : { ok: false, message: "Type a date as 2026-01-31." };
    case "datetime":
      return Number.isNaN(Date.parse(text))
        ? { ok: false, message: "Type a moment as 2026-01-31T09:30:00Z." }
        : { ok: true, value: text };
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
        ? { ok: true, value: text }
        : { ok: false, message: "Type a UUID: 32 hexadecimal digits in five groups." };
    default:
      return { ok: true, value: draft };
  }
}

/** Integers beyond what JavaScript holds exactly are sent as text, which the database reads exactly. */
function exactNumber(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
