import { queryOptions } from "@tanstack/react-query";
import { ApiError, request } from "@/api/client";

/** What SQL meets on this server. */
export interface SqlConditions {
  database: "sqlite" | "postgres";
  /** Whether SQL may run with the owner's rights. */
  relaxed: boolean;
  /** Tells this installation from others at the same address. */
  project: string;
}

export interface SqlField {
  name: string;
  typeId: number;
}

export interface SqlResult {
  /** None for several statements. */
  fields: SqlField[] | null;
  /** The first of them, each in the fields' order. */
  rows: unknown[][];
  /** How many were answered or changed; none where no number means anything. */
  rowCount: number | null;
  milliseconds: number;
}

export interface Place {
  line: number;
  column: number;
}

export const conditionsQuery = queryOptions({
  queryKey: ["sql"],
  queryFn: ({ signal }) => request<SqlConditions>("/sql", { signal }),
  staleTime: Infinity,
});

export function runSql(text: { query: string; explain: boolean; relaxed: boolean }, signal?: AbortSignal): Promise<SqlResult> {
  return request<SqlResult>("/sql", { method: "POST", json: text, ...(signal ? { signal } : {}) });
}

/** Where in the text an error lies; the server tells it like a compiler, as `query:3:14`. */
export function placeOf(error: unknown): Place | undefined {
  const told = error instanceof ApiError ? /:(\d+):(\d+)$/.exec(error.field ?? "") : null;
  return told ? { line: Number(told[1]), column: Number(told[2]) } : undefined;
}
