import { parseCsv } from "@/records/csv";
import { parseExactly } from "@/records/exact-json";

/** A file chosen for import, read into columns and rows of raw values. */
export interface Source {
  fileName: string;
  format: "csv" | "json";
  header: string[];
  rows: unknown[][];
  /** Each row's number in the file: a CSV file's header is row 1, a JSON file's first object is. */
  numbers: number[];
  /** Rows that were left out while reading, by their number in the file, with the reason. */
  skipped: { row: number; reason: string }[];
}

/** Reads CSV or JSON text, by the file's name or else by its first character. */
export function readSource(fileName: string, text: string): Source {
  const looksJson = /\.(json|ndjson|jsonl)$/i.test(fileName) || (!/\.(csv|tsv|txt)$/i.test(fileName) && /^\s*[[{]/.test(text));
  const source = looksJson ? readJson(fileName, text) : readCsv(fileName, text);
  if (source.header.length === 0) throw new Error("The file is empty. It needs at least a line with the columns' names.");
  return source;
}

function readCsv(fileName: string, text: string): Source {
  const { header, rows, numbers, ragged } = parseCsv(text);
  if (rows.length === 0 && ragged.length > 0) {
    throw new Error(`No row has as many cells as the header line, which has ${header.length}. Check the header and what separates the cells.`);
  }
  const twice = header.find((name, index) => name !== "" && header.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two columns are called ${twice}. Give each column of the header line a name of its own.`);
  const reason = `has not ${header.length} cells like the header line`;
  return {
    fileName,
    format: "csv",
    header: header.length === 1 && header[0] === "" ? [] : header,
    rows,
    numbers,
    skipped: ragged.map((row) => ({ row, reason })),
  };
}

function readJson(fileName: string, text: string): Source {
  const records = parseRecords(text);
  const header: string[] = [];
  const positions = new Map<string, number>();
  const skipped: Source["skipped"] = [];
  const objects: Record<string, unknown>[] = [];
  const numbers: number[] = [];
  records.forEach((record, index) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      skipped.push({ row: index + 1, reason: "is not an object" });
      return;
    }
    for (const key of Object.keys(record)) {
      if (positions.has(key)) continue;
      positions.set(key, header.length);
      header.push(key);
    }
    objects.push(record as Record<string, unknown>);
    numbers.push(index + 1);
  });
  const rows = objects.map((record) => header.map((key) => record[key] ?? null));
  return { fileName, format: "json", header, rows, numbers, skipped };
}

function parseRecords(text: string): unknown[] {
  try {
    const value = parseExactly(text);
    return Array.isArray(value) ? value : [value];
  } catch (error) {
    // One object per line is the other common form.
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    if (lines.length > 1 && lines[0]?.trim().startsWith("{")) {
      try {
        return lines.map(parseExactly);
      } catch {
        // Fall through to the message about the whole text, which is the likelier form.
      }
    }
    throw new Error(`This is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
