import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { findingsQuery } from "@/api/advisor";
import { createIndex, dropIndex, type Index, type Table } from "@/api/tables";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconButton } from "@/components/IconButton";
import { Tooltip } from "@/components/Tooltip";
import { AddIndexDialog } from "@/pages/tables/indexes/AddIndexDialog";
import { type Advice, adviceFor } from "@/pages/tables/indexes/advice";
import { AdviceList } from "@/pages/tables/indexes/AdviceList";
import { columnsOf } from "@/pages/tables/indexes/columns";
import { useTableChanged } from "@/pages/tables/use-table-changed";

export function IndexesTab({ table }: { table: Table }) {
  const changed = useTableChanged(table);
  const [adding, setAdding] = useState(false);
  const [dropping, setDropping] = useState<string>();
  const findings = useQuery(findingsQuery);
  const advice = adviceFor(findings.data ?? [], table);
  const follow = async (one: Advice): Promise<void> => {
    if (one.kind === "drop") return setDropping(one.index);
    await createIndex(table.name, { columns: one.columns, isUnique: false });
    await changed(`${one.columns.join(", ")} has an index now.`);
  };
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
      <section aria-labelledby="indexes">
        <div className="mb-2 flex items-center justify-between">
          <h2 id="indexes" className="text-base font-semibold">
            Indexes
          </h2>
          <Button variant="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden /> Add index
          </Button>
        </div>
        <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
          {table.indexes.map((index) => (
            <IndexRow key={index.name} index={index} flagged={advice.some((one) => one.kind === "drop" && one.index === index.name)} onDrop={() => setDropping(index.name)} />
          ))}
          {table.indexes.length === 0 && <li className="text-muted px-4 py-3">Every read of this table looks at all of its rows.</li>}
        </ul>
      </section>
      <AdviceList advice={advice} pending={findings.isPending} error={findings.error} onFollow={follow} />
      <AddIndexDialog table={table} open={adding} onOpenChange={setAdding} onAdded={changed} />
      <ConfirmDialog
        open={dropping !== undefined}
        onOpenChange={(open) => !open && setDropping(undefined)}
        title={`Drop the index ${dropping ?? ""}?`}
        action="Drop index"
        onConfirm={async () => {
          if (dropping === undefined) return;
          await dropIndex(table.name, dropping);
          await changed(`The index ${dropping} is dropped.`);
        }}
      >
        {table.indexes.find(({ name }) => name === dropping)?.isUnique
          ? "It keeps values unique: after it, two rows may share one. No row is lost."
          : "No row is lost. Reads that used it look at every row again."}
      </ConfirmDialog>
    </div>
  );
}

function IndexRow({ index, flagged, onDrop }: { index: Index; flagged: boolean; onDrop: () => void }) {
  const fixed = index.isPrimary || index.name.startsWith("sqlite_autoindex_");
  return (
    <li className="flex min-h-11 items-center gap-3 py-1.5 pr-2 pl-4">
      <span className="flex min-w-0 flex-1 flex-col sm:flex-row sm:items-center sm:gap-3">
        <Tooltip label={index.definition}>
          <code tabIndex={0} className="min-w-0 truncate rounded font-mono sm:w-72 sm:shrink-0">
            {index.name}
          </code>
        </Tooltip>
        <code className="text-muted min-w-0 truncate font-mono">{columnsOf(index.definition).join(", ")}</code>
      </span>
      <span className="flex shrink-0 items-center gap-1.5">
        {index.isPrimary ? (
          <Badge tone="accent">
            <KeyRound aria-hidden className="size-3" /> primary key
          </Badge>
        ) : (
          index.isUnique && <Badge>unique</Badge>
        )}
        {flagged && <Badge tone="warn">see below</Badge>}
      </span>
      <IconButton
        label={fixed ? `${index.name} belongs to the table's definition` : `Drop ${index.name}`}
        disabled={fixed}
        onClick={onDrop}
        className="hover:text-bad"
      >
        <Trash2 />
      </IconButton>
    </li>
  );
}
