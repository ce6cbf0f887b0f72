import { ArrowLeftRight, Plus } from "lucide-react";
import { useState } from "react";
import { changeTable, type ForeignKey, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { AddRelationDialog } from "@/pages/tables/relations/AddRelationDialog";
import { RelationRow } from "@/pages/tables/relations/RelationRow";
import { useTableChanged } from "@/pages/tables/use-table-changed";

/** Foreign keys out of a table, which can be changed here, and into it, which are changed where they stand. */
export function RelationsTab({ table }: { table: Table }) {
  const changed = useTableChanged(table);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<ForeignKey>();
  const add = (
    <Button variant="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> Add relation
    </Button>
  );
  const none = table.foreignKeys.length === 0 && table.referring.length === 0;
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
      {none ? (
        <EmptyState icon={ArrowLeftRight} title="No relations" actions={add}>
          A relation ties a column to another table&apos;s key: the database refuses values that are not there, and one request can read
          rows of both tables.
        </EmptyState>
      ) : (
        <>
          <section aria-labelledby="points-to">
            <div className="mb-2 flex min-h-8 items-center justify-between">
              <h2 id="points-to" className="text-base font-semibold">
                Points to
              </h2>
              {add}
            </div>
            {table.foreignKeys.length === 0 ? (
              <p className="text-muted">No column of this table points to another table.</p>
            ) : (
              <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
                {table.foreignKeys.map((key, index) => (
                  <RelationRow key={key.constraintName ?? index} relation={key} from={undefined} onRemove={() => setRemoving(key)} />
                ))}
              </ul>
            )}
          </section>
          <section aria-labelledby="pointed-at">
            <h2 id="pointed-at" className="mb-2 text-base font-semibold">
              Pointed at by
            </h2>
            {table.referring.length === 0 ? (
              <p className="text-muted">No other table points here.</p>
            ) : (
              <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
                {table.referring.map((key) => (
                  <RelationRow key={`${key.table} ${key.constraintName ?? ""}`} relation={key} from={key.table} />
                ))}
              </ul>
            )}
          </section>
        </>
      )}
      <AddRelationDialog table={table} open={adding} onOpenChange={setAdding} onAdded={changed} />
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={(open) => !open && setRemoving(undefined)}
        title={`Remove the relation to ${removing?.referenceTable ?? ""}?`}
        action="Remove relation"
        onConfirm={async () => {
          if (!removing?.constraintName) return;
          await changeTable(table.name, { dropForeignKeys: [removing.constraintName] });
          await changed(`The relation to ${removing.referenceTable} is removed.`);
        }}
      >
        The columns and their values stay. Requests that read both tables at once fail from now on, and nothing checks new values.
      </ConfirmDialog>
    </div>
  );
}
