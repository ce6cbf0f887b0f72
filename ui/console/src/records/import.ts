import { ApiError, messageOf } from "@/api/client";
import { type Chunk, type EncodeOptions, encodeChunk, type Mapping, ranges } from "@/records/chunks";
import { columnAtFault } from "@/records/fault";
import type { Source } from "@/records/source";

export interface ImportProblem {
  /** The row's number in the file; `undefined` when the whole import stopped. */
  row?: number;
  /** The column at fault, where it is known. */
  column?: string;
  message: string;
}

export interface ImportProgress {
  total: number;
  done: number;
  stored: number;
  problems: ImportProblem[];
}

export interface ImportRun {
  source: Source;
  mapping: Mapping[];
  options: EncodeOptions;
  insert: (chunk: Chunk) => Promise<void>;
  onProgress: (progress: ImportProgress) => void;
  signal: AbortSignal;
  wait?: (milliseconds: number) => Promise<void>;
}

/** After this many refused rows the file is likelier wrong than its rows. */
export const MOST_PROBLEMS = 100;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Sends a file chunk by chunk. A refused chunk is halved until the rows at fault are found, so that one bad row
 * costs only itself. A failure that has nothing to do with the rows stops the import and says where.
 */
export async function runImport(run: ImportRun): Promise<ImportProgress> {
  const total = run.source.rows.length;
  const progress: ImportProgress = { total, done: 0, stored: 0, problems: [] };
  const numberOf = (index: number): number => run.source.numbers[index] ?? index + 1;
  const report = (): void => run.onProgress({ ...progress, problems: [...progress.problems] });
  const queue = ranges(total);
  report();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (run.signal.aborted) {
      progress.problems.push({ message: `Stopped by you before row ${numberOf(next.start)}; the rows before it are stored.` });
      break;
    }
    const { start, end } = next;
    try {
      await insertPatiently(run, encodeChunk(run.source, run.mapping, start, end, run.options));
      progress.done = end;
      progress.stored += end - start;
    } catch (error) {
      if (!(error instanceof ApiError) || error.temporary || error.status === 401 || error.status === 404) {
        progress.problems.push({ message: `Stopped at row ${numberOf(start)}: ${messageOf(error)}` });
        break;
      }
      if (end - start === 1) {
        progress.done = end;
        const message = messageOf(error);
        const column = columnAtFault(message, run.source.rows[start] ?? [], run.mapping);
        progress.problems.push({ row: numberOf(start), ...(column ? { column } : {}), message });
        if (progress.problems.length >= MOST_PROBLEMS) {
          progress.problems.push({ message: `Stopped after ${MOST_PROBLEMS} refused rows. Check the columns' types.` });
          break;
        }
      } else {
        const middle = start + Math.ceil((end - start) / 2);
        queue.unshift({ start, end: middle }, { start: middle, end });
      }
    }
    report();
  }
  report();
  return progress;
}

async function insertPatiently(run: ImportRun, chunk: Chunk): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run.insert(chunk);
    } catch (error) {
      // Only a limit is waited out: after a lost answer, sending again could store the chunk twice.
      if (!(error instanceof ApiError) || error.status !== 429 || attempt === 5) throw error;
      await (run.wait ?? sleep)((error.retryAfterSeconds ?? attempt) * 1000);
    }
  }
}
