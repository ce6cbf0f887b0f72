import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { messageOf } from "@/api/client";
import { insertChunk } from "@/api/records";
import { createTable, tableQuery, tablesQuery } from "@/api/tables";
import { mappingOf, newColumnsOf, type Plan } from "@/pages/tables/import/plan";
import { type ImportProgress, runImport } from "@/records/import";
import type { Source } from "@/records/source";

export type ImportState =
  | { phase: "idle"; problem?: string }
  | { phase: "running"; progress: ImportProgress }
  | { phase: "finished"; progress: ImportProgress };

/** Carries an import out, and can be told to stop between two chunks. */
export function useImport() {
  const queryClient = useQueryClient();
  const [state, setState] = useState<ImportState>({ phase: "idle" });
  const abort = useRef(new AbortController());

  const start = async (source: Source, plan: Plan, isNew: boolean, emptyTextIsNull: boolean): Promise<void> => {
    abort.current = new AbortController();
    const empty: ImportProgress = { total: source.rows.length, done: 0, stored: 0, problems: [] };
    setState({ phase: "running", progress: empty });
    try {
      if (isNew) await createTable(plan.tableName, newColumnsOf(plan), true);
    } catch (error) {
      setState({ phase: "idle", problem: messageOf(error) });
      return;
    }
    const progress = await runImport({
      source,
      mapping: mappingOf(plan),
      options: { emptyTextIsNull },
      insert: (chunk) => insertChunk(plan.tableName, chunk),
      onProgress: (next) => setState({ phase: "running", progress: next }),
      signal: abort.current.signal,
    });
    setState({ phase: "finished", progress });
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: tablesQuery.queryKey }),
      queryClient.invalidateQueries({ queryKey: tableQuery(plan.tableName).queryKey }),
      queryClient.invalidateQueries({ queryKey: ["records", plan.tableName] }),
      queryClient.invalidateQueries({ queryKey: ["overview"] }),
    ]);
  };
  const stop = useCallback(() => abort.current.abort(), []);
  const reset = useCallback(() => setState({ phase: "idle" }), []);
  return { state, start, stop, reset };
}
