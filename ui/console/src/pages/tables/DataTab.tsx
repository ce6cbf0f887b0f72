import { useQuery } from "@tanstack/react-query";
import { ListFilter, Rows3 } from "lucide-react";
import { useEffect, useState } from "react";
import { recordsQuery, type Row } from "@/api/records";
import type { Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { Pagination } from "@/components/Pagination";
import { Select } from "@/components/Select";
import { SkeletonRows } from "@/components/SkeletonRows";
import { plural } from "@/format/number";
import { useShortcuts } from "@/keyboard/shortcuts";
import { DataToolbar } from "@/pages/tables/DataToolbar";
import { Grid } from "@/pages/tables/grid/Grid";
import { rowId } from "@/pages/tables/grid/row-id";
import { RowDrawer } from "@/pages/tables/RowDrawer";
import { PAGE_SIZES } from "@/pages/tables/grid-search";
import { useGridSearch } from "@/pages/tables/use-grid-search";
import { useRowChanges } from "@/pages/tables/use-row-changes";

const SIZES = PAGE_SIZES.map((size) => ({ value: String(size), label: `${size} per page` }));

/** What the drawer shows: a new row, or one row, opened at a column. */
export type Opened = { kind: "insert" } | { kind: "row"; row: Row; column?: string };

export function DataTab({ table }: { table: Table }) {
  const { view, ask, setSort, setFilters, setOffset, setSize } = useGridSearch(table);
  const records = useQuery(recordsQuery(table.name, ask));
  const changes = useRowChanges(table);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [opened, setOpened] = useState<Opened>();
  const [deleting, setDeleting] = useState(false);
  const insert = (): void => setOpened({ kind: "insert" });
  useShortcuts({ n: insert });

  const rows = records.data?.rows ?? [];
  const chosen = rows.filter((row) => selected.has(rowId(row, changes.keys)));
  // A selection made on one page would be invisible, and so dangerous, on the next.
  useEffect(() => setSelected(new Set()), [ask.offset, ask.limit, ask.filters]);

  return (
    <>
      <DataToolbar
        table={table}
        filters={view.filters}
        selected={chosen.length}
        refreshing={records.isFetching}
        onFilters={setFilters}
        onRefresh={() => void records.refetch()}
        onInsert={insert}
        onDelete={() => setDeleting(true)}
      />
      <div className="relative min-h-0 flex-1">
        {records.isPending ? (
          <SkeletonRows rows={12} label="Loading the rows" />
        ) : records.isError ? (
          <ErrorState title="The rows could not be read" error={records.error} onRetry={() => void records.refetch()} />
        ) : (
          <Grid
            columns={table.columns}
            keys={changes.keys}
            rows={rows}
            sort={view.sort}
            selected={selected}
            onSort={setSort}
            onSelected={setSelected}
            onEdit={changes.update}
            onOpen={(row, column) => setOpened({ kind: "row", row, ...(column ? { column } : {}) })}
            onDelete={() => chosen.length > 0 && setDeleting(true)}
            empty={
              view.filters.length > 0 ? (
                <EmptyState icon={ListFilter} title="No row matches" actions={<Button onClick={() => setFilters([])}>Clear filters</Button>} />
              ) : (
                <EmptyState icon={Rows3} title="No rows yet" actions={<Button onClick={insert}>Insert row</Button>}>
                  Insert the first row by hand, or import a CSV or JSON file with the button above.
                </EmptyState>
              )
            }
          />
        )}
      </div>
      {records.data && (
        <Pagination offset={ask.offset} limit={ask.limit} total={records.data.total} noun="row" onOffset={setOffset}>
          <Select
            aria-label="Rows per page"
            options={SIZES}
            value={String(ask.limit)}
            onChange={(event) => setSize(Number(event.target.value))}
            className="w-32 max-sm:hidden"
          />
        </Pagination>
      )}
      <RowDrawer table={table} opened={opened} changes={changes} onClose={() => setOpened(undefined)} />
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${plural(chosen.length, "row")}?`}
        action={`Delete ${plural(chosen.length, "row")}`}
        onConfirm={async () => {
          await changes.remove(chosen);
          setSelected(new Set());
        }}
      >
        {chosen.length === 1 ? "It is gone for good." : "They are gone for good."}
      </ConfirmDialog>
    </>
  );
}
