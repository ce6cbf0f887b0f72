import { API_ROOT, pathOf } from "@/api/client";

export type ExportFormat = "csv" | "json" | "sql";

/** Where the browser fetches one table, or all of them, as a file. */
export function exportAddress(format: ExportFormat, table?: string): string {
  const path = table === undefined ? "/export" : pathOf("tables", table, "export");
  return `${API_ROOT}${path}?format=${format}`;
}

/** Hands an address to the browser's own downloads, which stream to the disk and show how far they are. */
export function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
