/** A CSV file as lines of cells; `lines[0]` is the header. */
export interface CsvFile {
  header: string[];
  rows: string[][];
  /** Each row's number in the file, as a spreadsheet counts: the header is 1. */
  numbers: number[];
  /** The numbers of rows that have more or fewer cells than the header; they are not among `rows`. */
  ragged: number[];
}

/**
 * Parses RFC 4180 text; also accepts a byte order mark, bare `\n`, and `;` or tab between cells.
 * Throws, with a sentence for people, for what is no CSV at all: bytes that are no text, a quote that never closes.
 */
export function parseCsv(text: string): CsvFile {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (body.includes("\0")) throw new Error("This is not a text file. Save it as CSV in UTF-8, then choose it again.");
  const lines = splitCells(body, delimiterOf(body));
  const header = (lines.shift() ?? []).map((name) => name.trim());
  const rows: string[][] = [];
  const numbers: number[] = [];
  const ragged: number[] = [];
  lines.forEach((cells, index) => {
    if (cells.length === 1 && cells[0] === "" && header.length > 1) return;
    if (cells.length !== header.length) {
      ragged.push(index + 2);
      return;
    }
    rows.push(cells);
    numbers.push(index + 2);
  });
  return { header, rows, numbers, ragged };
}

/** The delimiter that occurs most in the first line, outside quotes. */
export function delimiterOf(text: string): string {
  const counts: Record<string, number> = { ",": 0, ";": 0, "\t": 0 };
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "\n" || character === "\r")) break;
    else if (!quoted && character in counts) counts[character] = (counts[character] ?? 0) + 1;
  }
  const [best] = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  return best && best[1] > 0 ? best[0] : ",";
}

function splitCells(text: string, delimiter: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  const end = text.length;
  while (at < end) {
    let cell = "";
    if (text[at] === '"') {
      at += 1;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close === -1) {
          throw new Error(`Row ${lines.length + 1} opens a quotation mark that never closes, so the rows after it cannot be told apart.`);
        }
        cell += text.slice(at, close);
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const start = at;
    while (at < end && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at += 1;
    cell += text.slice(start, at);
    line.push(cell);
    if (at >= end) break;
    if (text[at] === delimiter) {
      at += 1;
      if (at >= end || text[at] === "\n" || text[at] === "\r") {
        line.push("");
      } else continue;
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at += 1;
    at += 1;
    lines.push(line);
    line = [];
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/** One cell as CSV text, quoted when it must be. */
export function csvCell(value: string): string {
  return /[",\r\n]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;
}

/** CSV text with a header line; `null` is written as the word NULL, which the server reads as no value. */
export function toCsv(header: string[], rows: (string | null)[][]): string {
  const lines = [header.map(csvCell).join(",")];
  for (const row of rows) lines.push(row.map((cell) => (cell === null ? "NULL" : csvCell(cell))).join(","));
  return lines.join("\n") + "\n";
}
