import { type ReactNode, useRef, useState } from "react";
import type { Row } from "@/api/records";
import type { Column } from "@/api/tables";
import { GridHead } from "@/pages/tables/grid/GridHead";
import { GridRow } from "@/pages/tables/grid/GridRow";
import { type Cell, useGridKeys } from "@/pages/tables/grid/use-grid-keys";
import { rowId } from "@/pages/tables/grid/row-id";
import { useStable } from "@/react/use-stable";
import { needsDrawer } from "@/pages/tables/grid/needs-drawer";
import type { Sort } from "@/records/filter";

export interface GridProps {
  columns: Column[];
  keys: string[];
  rows: Row[];
  sort: Sort | undefined;
  selected: ReadonlySet<string>;
  onSort: (sort: Sort | undefined) => void;
  onSelected: (selected: ReadonlySet<string>) => void;
  onEdit: (row: Row, change: Row) => Promise<void>;
  onOpen: (row: Row, column?: string) => void;
  onDelete: () => void;
  empty: ReactNode;
}

/** Rows under the cursor: arrows move, Enter edits, Space selects. */
export function Grid({ columns, keys, rows, sort, selected, onSort, onSelected, onEdit, onOpen, onDelete, empty }: GridProps) {
  const [editing, setEditing] = useState<Cell>();
  const scroller = useRef<HTMLDivElement>(null);
  const changeable = keys.length > 0;

  const toggle = useStable((row: Row): void => {
    const id = rowId(row, keys);
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelected(next);
  });
  const edit = useStable((cell: Cell): void => {
    const row = rows[cell.row];
    const column = columns[cell.column];
    if (!row || !column || !changeable) return;
    if (needsDrawer(row[column.columnName], column)) onOpen(row, column.columnName);
    else setEditing(cell);
  });
  const { active, setActive, onKeyDown, focusCell } = useGridKeys({
    scroller,
    rowCount: rows.length,
    columnCount: columns.length,
    isEditing: editing !== undefined,
    valueAt: (cell) => rows[cell.row]?.[columns[cell.column]?.columnName ?? ""],
    onEdit: edit,
    onToggle: (index) => changeable && rows[index] && toggle(rows[index]),
    onOpen: (index) => rows[index] && onOpen(rows[index]),
    onDelete,
  });

  const selectedHere = rows.filter((row) => selected.has(rowId(row, keys))).length;
  const stopEditing = useStable((cell: Cell, move: number): void => {
    setEditing(undefined);
    const next = { row: cell.row, column: Math.min(columns.length - 1, Math.max(0, cell.column + move)) };
    setActive(next);
    focusCell(next);
  });
  const open = useStable((row: Row): void => onOpen(row));
  const save = useStable(onEdit);
  return (
    <div ref={scroller} className="thin-scroll absolute inset-0 overflow-auto">
      <table role="grid" aria-label="Rows" aria-rowcount={rows.length + 1} aria-colcount={columns.length} className="min-w-full border-separate border-spacing-0">
        <GridHead
          columns={columns}
          sort={sort}
          onSort={onSort}
          changeable={changeable}
          allSelected={rows.length > 0 && selectedHere === rows.length ? true : selectedHere > 0 ? "indeterminate" : false}
          onSelectAll={(all) => onSelected(all ? new Set(rows.map((row) => rowId(row, keys))) : new Set())}
        />
        <tbody onKeyDown={onKeyDown}>
          {rows.map((row, index) => (
            <GridRow
              key={changeable ? rowId(row, keys) : index}
              row={row}
              index={index}
              columns={columns}
              changeable={changeable}
              selected={changeable && selected.has(rowId(row, keys))}
              activeColumn={active.row === index ? active.column : undefined}
              editingColumn={editing?.row === index ? editing.column : undefined}
              onToggle={toggle}
              onOpen={open}
              onActivate={setActive}
              onStartEdit={edit}
              onStopEdit={stopEditing}
              onSave={save}
            />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <div className="sticky left-0">{empty}</div>}
    </div>
  );
}
