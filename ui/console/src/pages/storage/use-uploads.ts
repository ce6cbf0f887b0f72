import { useCallback, useRef, useState } from "react";
import { messageOf } from "@/api/client";
import { uploadObject } from "@/api/buckets";

export interface Upload {
  id: number;
  name: string;
  size: number;
  fraction: number;
  state: "waiting" | "sending" | "stored" | "failed" | "cancelled";
  problem?: string;
}

const AT_ONCE = 3;

/** Sends dropped files, three at a time, and remembers how each one fares. */
export function useUploads(bucket: string, onStored: () => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef<{ id: number; file: File }[]>([]);
  const running = useRef(0);
  const lastId = useRef(0);
  const sending = useRef(new Map<number, AbortController>());

  const change = useCallback((id: number, part: Partial<Upload>): void => {
    setUploads((all) => all.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));
  }, []);

  const work = useCallback(async (): Promise<void> => {
    if (running.current >= AT_ONCE) return;
    running.current += 1;
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { id, file } = next;
      const abort = new AbortController();
      sending.current.set(id, abort);
      change(id, { state: "sending" });
      try {
        await uploadObject(bucket, keyOf(file), file, (fraction) => change(id, { fraction }), abort.signal);
        change(id, { state: "stored", fraction: 1 });
        onStored();
      } catch (error) {
        change(id, abort.signal.aborted ? { state: "cancelled" } : { state: "failed", problem: messageOf(error) });
      } finally {
        sending.current.delete(id);
      }
    }
    running.current -= 1;
  }, [bucket, change, onStored]);

  const add = useCallback(
    (files: File[]): void => {
      const added = files.map((file) => {
        lastId.current += 1;
        return { id: lastId.current, file };
      });
      queue.current.push(...added);
      setUploads((all) => [
        ...all,
        ...added.map(({ id, file }): Upload => ({ id, name: file.name, size: file.size, fraction: 0, state: "waiting" })),
      ]);
      added.forEach(() => void work());
    },
    [work],
  );

  /** Stops one file, or all of them: what is on its way is cut off, and the server keeps nothing of it. */
  const cancel = useCallback((only?: number): void => {
    const meant = (id: number): boolean => only === undefined || only === id;
    queue.current = queue.current.filter(({ id }) => !meant(id));
    setUploads((all) => all.map((upload) => (upload.state === "waiting" && meant(upload.id) ? { ...upload, state: "cancelled" } : upload)));
    sending.current.forEach((abort, id) => meant(id) && abort.abort());
  }, []);

  const clear = useCallback(() => setUploads((all) => all.filter(({ state }) => state === "waiting" || state === "sending")), []);
  return { uploads, add, cancel, clear };
}

/** The key a file is stored under: its path when a whole folder was chosen, else its name. */
function keyOf(file: File): string {
  return file.webkitRelativePath || file.name;
}
