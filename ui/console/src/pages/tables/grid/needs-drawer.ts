import type { Column } from "@/api/tables";

/** Whether a value is too large for one line of editing. */
export function needsDrawer(value: unknown, column: Column): boolean {
  if (column.type === "json" || (typeof value === "object" && value !== null)) return true;
  return typeof value === "string" && (value.length > 120 || value.includes("\n"));
}
