import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { runSql, type SqlResult } from "@/api/sql";
import { tablesQuery } from "@/api/tables";
import { forget, type Ran, readHistory, remember } from "@/pages/sql/history";
import { type Plan, readPlan } from "@/pages/sql/plan";

export type Outcome =
  | { kind: "none" }
  | { kind: "running" }
  | { kind: "rows"; result: SqlResult }
  | { kind: "plan"; plan: Plan }
  | { kind: "failed"; error: unknown };

/** Runs texts one at a time, and remembers in the browser what was run. */
export function useSql(project: string) {
  const queryClient = useQueryClient();
  const [outcome, setOutcome] = useState<Outcome>({ kind: "none" });
  const [history, setHistory] = useState<Ran[]>(() => readHistory(project, localStorage));
  const running = useRef<AbortController>(null);

  const run = async (query: string, explain: boolean, relaxed: boolean): Promise<void> => {
    if (query.trim() === "" || running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setOutcome({ kind: "running" });
    const ended = (ran: Pick<Ran, "ok" | "rows">): void =>
      setHistory(remember(project, { at: new Date().toISOString(), query, ...ran }, localStorage));
    try {
      const result = await runSql({ query, explain, relaxed }, controller.signal);
      const plan = explain ? readPlan(result.rows[0]?.[0]) : undefined;
      setOutcome(plan ? { kind: "plan", plan } : { kind: "rows", result });
      ended({ ok: true, ...(result.rowCount === null || explain ? {} : { rows: result.rowCount }) });
    } catch (error) {
      if (controller.signal.aborted) setOutcome({ kind: "none" });
      else {
        setOutcome({ kind: "failed", error });
        ended({ ok: false });
      }
    } finally {
      running.current = null;
      // The text may have changed tables, their rows and their policies.
      await Promise.all(
        [["table"], ["records"], tablesQuery.queryKey, ["overview"], ["findings"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
      );
    }
  };
  return {
    outcome,
    history,
    run,
    /** Stops waiting; the server ends the statement by itself after 30 seconds. */
    leave: () => running.current?.abort(),
    clear: () => {
      forget(project, localStorage);
      setHistory([]);
    },
  };
}
