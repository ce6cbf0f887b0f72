import type { ColumnType, NewColumn } from "@/api/tables";

export interface ColumnDraft {
  key: number;
  name: string;
  type: ColumnType;
  required: boolean;
  unique: boolean;
  defaultValue: string;
}

let lastKey = 0;

export function emptyColumn(): ColumnDraft {
  lastKey += 1;
  return { key: lastKey, name: "", type: "string", required: false, unique: false, defaultValue: "" };
}

/** Columns every table gets from the server. */
export const AUTOMATIC_COLUMNS = ["id", "created_at", "updated_at"];

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** What is wrong with a name for a table or column, or nothing. */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "Give it a name.";
  if (!NAME.test(name)) return "Use letters, digits and _, starting with a letter; at most 63.";
  return undefined;
}

/** The problem of each column by its key; an empty map means all is well. */
export function columnProblems(columns: ColumnDraft[]): Map<number, string> {
  const problems = new Map<number, string>();
  const seen = new Set(AUTOMATIC_COLUMNS);
  for (const column of columns) {
    const problem = nameProblem(column.name);
    if (problem) problems.set(column.key, problem);
    else if (seen.has(column.name)) problems.set(column.key, "This name is already taken.");
    seen.add(column.name);
  }
  return problems;
}

export function toNewColumn(draft: ColumnDraft): NewColumn {
  return {
    columnName: draft.name,
    type: draft.type,
    isNullable: !draft.required,
    isUnique: draft.unique,
    ...(draft.defaultValue === "" ? {} : { defaultValue: draft.defaultValue }),
  };
}
