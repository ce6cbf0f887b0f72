import { useQuery, useQueryClient } from "@tanstack/react-query";
import { History, Network, Play, Square } from "lucide-react";
import { useState } from "react";
import { placeOf, type SqlConditions } from "@/api/sql";
import { type Table, tablesQuery } from "@/api/tables";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { Keys } from "@/components/Keys";
import { PageHeader } from "@/components/PageHeader";
import { SqlEditor } from "@/components/sql-editor/SqlEditor";
import { COMMAND_KEY } from "@/keyboard/shortcuts";
import { HistoryDrawer } from "@/pages/sql/HistoryDrawer";
import { Outcome } from "@/pages/sql/Outcome";
import { RightsSwitch } from "@/pages/sql/RightsSwitch";
import { useSql } from "@/pages/sql/use-sql";

/** What was typed, for as long as the page is open: leaving it for another one must not cost the text. */
let draft = "";

export function Workspace({ conditions, database }: { conditions: SqlConditions; database: string }) {
  const [text, setText] = useState(draft);
  const [relaxed, setRelaxed] = useState(false);
  const [showHistory, setShowHistory] = useState(false);
  const { outcome, history, run, leave, clear } = useSql(conditions.project);
  const [ran, setRan] = useState("");
  const schema = useSchema();
  const change = (next: string): void => {
    draft = next;
    setText(next);
  };
  const start = (selected: string, explain: boolean): void => {
    const query = selected.trim() === "" ? draft : selected;
    setRan(query);
    void run(query, explain, relaxed);
  };
  const running = outcome.kind === "running";
  // A place counts from the start of what was run, which may be a selection.
  const problem = outcome.kind === "failed" && ran === text ? placeOf(outcome.error) : undefined;
  return (
    <>
      <PageHeader
        title="SQL"
        detail={<Badge>{database}</Badge>}
        actions={
          <>
            <RightsSwitch allowed={conditions.relaxed} relaxed={relaxed} onChange={setRelaxed} />
            <Button onClick={() => setShowHistory(true)}>
              <History aria-hidden /> <span className="max-sm:sr-only">History</span>
            </Button>
            <Button disabled={running || text.trim() === ""} onClick={() => start("", true)}>
              <Network aria-hidden /> <span className="max-sm:sr-only">Plan</span>
            </Button>
            {running ? (
              <Button onClick={leave} className="sm:w-32">
                <Square aria-hidden /> Stop<span className="max-sm:sr-only"> waiting</span>
              </Button>
            ) : (
              <Button variant="primary" disabled={text.trim() === ""} onClick={() => start("", false)} className="sm:w-32">
                <Play aria-hidden /> Run <Keys keys={`${COMMAND_KEY} ⏎`} className="[&>kbd]:border-current/40 [&>kbd]:bg-transparent [&>kbd]:text-current max-sm:hidden pointer-coarse:hidden" />
              </Button>
            )}
          </>
        }
      />
      <section aria-label="Editor" className="border-line bg-panel h-[38%] min-h-36 shrink-0 border-b">
        <SqlEditor
          label="SQL"
          value={text}
          onChange={change}
          onRun={(selected) => start(selected, false)}
          database={conditions.database}
          schema={schema}
          problem={problem}
        />
      </section>
      <section aria-label="Answer" aria-busy={running} className="flex min-h-0 flex-1 flex-col">
        <Outcome outcome={outcome} />
      </section>
      <HistoryDrawer
        open={showHistory}
        history={history}
        onOpenChange={setShowHistory}
        onClear={clear}
        onChoose={(query) => {
          change(query);
          setShowHistory(false);
        }}
      />
    </>
  );
}

/** Tables, with the columns of those that were looked at. */
function useSchema(): Record<string, string[]> {
  const queryClient = useQueryClient();
  const tables = useQuery(tablesQuery).data ?? [];
  const known = queryClient.getQueriesData<Table>({ queryKey: ["table"] });
  const columns = new Map(known.map(([, table]) => [table?.name, table?.columns.map(({ columnName }) => columnName) ?? []]));
  return Object.fromEntries(tables.map(({ name }) => [name, columns.get(name) ?? []]));
}
