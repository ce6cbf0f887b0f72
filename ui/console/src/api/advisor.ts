import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Finding {
  rule: string;
  severity: "critical" | "warning" | "info";
  title: string;
  description: string;
  /** `public.<table>`, with the column, policy or index after it. */
  affectedObject: string;
  recommendation: string;
}

/** What the advisor finds when it looks now. */
export const findingsQuery = queryOptions({
  queryKey: ["findings"],
  queryFn: async ({ signal }) => (await request<{ findings: Finding[] }>("/advisor/scan", { method: "POST", signal })).findings,
  staleTime: 30_000,
});

/** The part of an affected object below its table, or nothing when it is of another table. */
export function partOf(finding: Finding, table: string): string | undefined {
  const prefix = `public.${table}`;
  if (finding.affectedObject === prefix) return "";
  return finding.affectedObject.startsWith(`${prefix}.`) ? finding.affectedObject.slice(prefix.length + 1) : undefined;
}
