import { Maximize2 } from "lucide-react";
import { memo } from "react";
import type { Row } from "@/api/records";
import type { Column } from "@/api/tables";
import { Checkbox } from "@/components/Checkbox";
import { cx } from "@/components/cx";
import { CellEditor } from "@/pages/tables/grid/CellEditor";
import { GridCell } from "@/pages/tables/grid/GridCell";
import type { Cell } from "@/pages/tables/grid/use-grid-keys";

interface GridRowProps {
  row: Row;
  index: number;
  columns: Column[];
  changeable: boolean;
  selected: boolean;
  activeColumn: number | undefined;
  editingColumn: number | undefined;
  onToggle: (row: Row) => void;
  onOpen: (row: Row) => void;
  onActivate: (cell: Cell) => void;
  onStartEdit: (cell: Cell) => void;
  onStopEdit: (cell: Cell, move: number) => void;
  onSave: (row: Row, change: Row) => Promise<void>;
}

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, columns, changeable, selected, activeColumn, editingColumn } = props;
  return (
    <tr aria-selected={selected} className={cx("group/row", selected ? "bg-selected" : "hover:bg-hover")}>
      <td
        className={cx(
          "border-line sticky left-0 z-[5] h-9 w-20 border-r border-b pl-4 sm:pl-6",
          selected ? "bg-selected" : "bg-canvas group-hover/row:bg-hover",
        )}
      >
        <span className="flex items-center gap-1">
          {changeable && <Checkbox aria-label={`Select row ${index + 1}`} tabIndex={-1} checked={selected} onCheckedChange={() => props.onToggle(row)} />}
          <button
            type="button"
            tabIndex={-1}
            aria-label={`Open row ${index + 1}`}
            onClick={() => props.onOpen(row)}
            className="text-faint hover:text-ink rounded p-1.5 opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 pointer-coarse:opacity-100"
          >
            <Maximize2 aria-hidden className="size-3.5" />
          </button>
        </span>
      </td>
      {columns.map((column, position) =>
        editingColumn === position ? (
          <CellEditor
            key={column.columnName}
            value={row[column.columnName]}
            column={column}
            onSave={(value) => props.onSave(row, { [column.columnName]: value })}
            onDone={(move) => props.onStopEdit({ row: index, column: position }, move)}
          />
        ) : (
          <GridCell
            key={column.columnName}
            value={row[column.columnName]}
            type={column.type}
            position={`${index}:${position}`}
            focusable={activeColumn === position}
            onFocus={() => props.onActivate({ row: index, column: position })}
            onEdit={() => props.onStartEdit({ row: index, column: position })}
          />
        ),
      )}
      <td aria-hidden className="border-line w-full border-b" />
    </tr>
  );
});
