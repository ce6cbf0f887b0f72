import { useNavigate } from "@tanstack/react-router";
import { FileSpreadsheet } from "lucide-react";
import { useEffect, useState } from "react";
import { messageOf } from "@/api/client";
import type { Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { FileDrop } from "@/components/FileDrop";
import { Notice } from "@/components/Notice";
import { plural } from "@/format/number";
import { useStable } from "@/react/use-stable";
import { ImportPreview } from "@/pages/tables/import/ImportPreview";
import { ImportReport } from "@/pages/tables/import/ImportReport";
import { type Plan, planProblem, proposePlan } from "@/pages/tables/import/plan";
import { useImport } from "@/pages/tables/import/use-import";
import { readSource, type Source } from "@/records/source";

interface ImportDialogProps {
  /** The table to import into; without one, a new table is made from the file. */
  table?: Table;
  /** A file that was dropped before the dialog opened. */
  file?: File | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function ImportDialog({ table, file, open, onOpenChange }: ImportDialogProps) {
  const navigate = useNavigate();
  const [source, setSource] = useState<Source>();
  const [plan, setPlan] = useState<Plan>();
  const [emptyTextIsNull, setEmptyTextIsNull] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { state, start, stop, reset } = useImport();
  const isNew = table === undefined;

  const read = useStable(async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    try {
      const next = readSource(chosen.name, await chosen.text());
      setSource(next);
      setPlan(proposePlan(next, table));
      setProblem(undefined);
    } catch (error) {
      setProblem(messageOf(error));
    }
  });
  useEffect(() => {
    if (!open) return;
    setSource(undefined);
    setPlan(undefined);
    setProblem(undefined);
    reset();
    void read(file);
  }, [open, file, read, reset]);

  const blocked = plan && planProblem(plan, isNew);
  const finish = (): void => {
    onOpenChange(false);
    if (isNew && plan) void navigate({ to: "/tables/$table", params: { table: plan.tableName } });
  };

  const footer =
    state.phase === "running" ? (
      <Button onClick={stop}>Cancel import</Button>
    ) : state.phase === "finished" ? (
      <Button variant="primary" onClick={finish}>
        {isNew ? "Open the table" : "Done"}
      </Button>
    ) : (
      <>
        {source && (
          <Button variant="ghost" onClick={() => setSource(undefined)} className="mr-auto">
            Another file
          </Button>
        )}
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button
          variant="primary"
          disabled={!source || !plan || blocked !== undefined}
          onClick={() => source && plan && void start(source, plan, isNew, emptyTextIsNull)}
        >
          {isNew ? "Create table and import" : "Import"} {source && plural(source.rows.length, "row")}
        </Button>
      </>
    );
  return (
    <Dialog
      open={open}
      // Closing would leave an import running unseen.
      onOpenChange={(next) => state.phase !== "running" && onOpenChange(next)}
      title={isNew ? "Import into a new table" : `Import into ${table.name}`}
      size="wide"
      footer={footer}
    >
      {state.phase !== "idle" ? (
        <ImportReport progress={state.progress} running={state.phase === "running"} />
      ) : source && plan ? (
        <div className="flex flex-col gap-3">
          {(state.problem ?? blocked) && <Notice tone="bad">{state.problem ?? blocked}</Notice>}
          <ImportPreview
            source={source}
            plan={plan}
            table={table}
            emptyTextIsNull={emptyTextIsNull}
            onPlan={setPlan}
            onEmptyTextIsNull={setEmptyTextIsNull}
          />
        </div>
      ) : (
        <div className="flex flex-col gap-3">
          {problem && <Notice tone="bad">{problem}</Notice>}
          <FileDrop label="Choose a CSV or JSON file" accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson" onFiles={([chosen]) => void read(chosen)}>
            <FileSpreadsheet aria-hidden className="size-5" />
            <span>
              <span className="text-accent font-medium">Choose a file</span> or drop it here
            </span>
            <span className="text-faint text-xs">CSV with a line of column names, or JSON: a list of objects, or one object per line.</span>
          </FileDrop>
        </div>
      )}
    </Dialog>
  );
}
