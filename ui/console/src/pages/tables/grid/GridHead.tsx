import { ArrowDown, ArrowUp, KeyRound } from "lucide-react";
import type { Column } from "@/api/tables";
import { Checkbox } from "@/components/Checkbox";
import { cx } from "@/components/cx";
import { isNumeric } from "@/records/cell";
import type { Sort } from "@/records/filter";

interface GridHeadProps {
  columns: Column[];
  sort: Sort | undefined;
  changeable: boolean;
  allSelected: boolean | "indeterminate";
  onSort: (sort: Sort | undefined) => void;
  onSelectAll: (all: boolean) => void;
}

const HEAD = "bg-panel border-line sticky top-0 z-10 h-9 border-b text-left font-medium";

export function GridHead({ columns, sort, changeable, allSelected, onSort, onSelectAll }: GridHeadProps) {
  // Ascending, then descending, then as the table comes.
  const cycle = (column: string): void => {
    if (sort?.column !== column) onSort({ column, descending: false });
    else onSort(sort.descending ? undefined : { column, descending: true });
  };
  return (
    <thead>
      <tr>
        <th scope="col" className={`${HEAD} left-0 z-20 w-20 border-r pl-4 sm:pl-6`}>
          {changeable ? (
            <Checkbox aria-label="Select all rows of this page" checked={allSelected} onCheckedChange={(state) => onSelectAll(state === true)} />
          ) : (
            <span className="sr-only">Row actions</span>
          )}
        </th>
        {columns.map((column) => {
          const sorted = sort?.column === column.columnName ? sort : undefined;
          const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
          return (
            <th
              key={column.columnName}
              scope="col"
              aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : "none"}
              className={`${HEAD} border-r p-0`}
            >
              <button
                type="button"
                title={`${column.columnName}: ${column.type}${column.isNullable ? "" : ", required"}`}
                onClick={() => cycle(column.columnName)}
                className={cx(
                  "group hover:bg-hover flex h-full w-full items-center gap-1.5 px-3 whitespace-nowrap focus-visible:-outline-offset-2",
                  isNumeric(column.type) && "flex-row-reverse",
                )}
              >
                {column.isPrimaryKey && <KeyRound aria-label="Primary key" className="text-accent size-3" />}
                <span>{column.columnName}</span>
                <span className="text-faint text-2xs font-normal">{column.type}</span>
                <Arrow
                  aria-hidden
                  className={cx("size-3.5 transition-opacity", sorted ? "text-accent" : "text-faint opacity-0 group-hover:opacity-100")}
                />
              </button>
            </th>
          );
        })}
        <td aria-hidden className={`${HEAD} w-full`} />
      </tr>
    </thead>
  );
}
