import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Migration {
  version: string;
  name: string;
  statements: string[];
  appliedAt: string;
}

export type RiskLevel = "safe" | "warning" | "danger";

/** What came of running a text and undoing it. */
export interface Rehearsal {
  level: RiskLevel;
  statements: string[];
  risks: { level: RiskLevel; description: string; statement: string }[];
  /** Why it would fail. */
  error: string | null;
  line: number | null;
  column: number | null;
}

export const migrationsQuery = queryOptions({
  queryKey: ["migrations"],
  queryFn: async ({ signal }) => (await request<{ migrations: Migration[] }>("/migrations", { signal })).migrations,
});

export function rehearse(sql: string): Promise<Rehearsal> {
  return request<Rehearsal>("/migrations/dry-run", { method: "POST", json: { sql } });
}

export function applyMigration(migration: { version: string; name: string; sql: string }): Promise<Migration> {
  return request<Migration>("/migrations", { method: "POST", json: migration });
}
