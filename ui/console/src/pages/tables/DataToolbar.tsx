import { Plus, RotateCw, Trash2 } from "lucide-react";
import type { Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { cx } from "@/components/cx";
import { IconButton } from "@/components/IconButton";
import { plural } from "@/format/number";
import { FilterBar } from "@/pages/tables/FilterBar";
import type { Filter } from "@/records/filter";

interface DataToolbarProps {
  table: Table;
  filters: Filter[];
  selected: number;
  refreshing: boolean;
  onFilters: (filters: Filter[]) => void;
  onRefresh: () => void;
  onInsert: () => void;
  onDelete: () => void;
}

export function DataToolbar({ table, filters, selected, refreshing, onFilters, onRefresh, onInsert, onDelete }: DataToolbarProps) {
  return (
    <div className="border-line bg-panel flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2 sm:px-6">
      <FilterBar columns={table.columns} filters={filters} onChange={onFilters} />
      <span className="flex-1" />
      {selected > 0 && (
        <Button variant="danger-quiet" onClick={onDelete}>
          <Trash2 aria-hidden /> Delete {plural(selected, "row")}
        </Button>
      )}
      <IconButton label="Read again" onClick={onRefresh}>
        <RotateCw className={cx(refreshing && "animate-spin")} />
      </IconButton>
      <Button variant="primary" onClick={onInsert}>
        <Plus aria-hidden /> Insert row
      </Button>
    </div>
  );
}
