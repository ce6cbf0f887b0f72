import { type KeyboardEvent, type RefObject, useState } from "react";
import { cellText } from "@/records/cell";

export interface Cell {
  row: number;
  column: number;
}

interface GridKeys {
  scroller: RefObject<HTMLElement | null>;
  rowCount: number;
  columnCount: number;
  isEditing: boolean;
  valueAt: (cell: Cell) => unknown;
  onEdit: (cell: Cell) => void;
  onToggle: (row: number) => void;
  onOpen: (row: number) => void;
  onDelete: () => void;
}

const PAGE_ROWS = 15;

/** The cell that a key leads to from another, or nothing when the key does not move. */
export function moveCell(from: Cell, key: string, rowCount: number, columnCount: number, toEnd: boolean): Cell | undefined {
  const to = { ...from };
  switch (key) {
    case "ArrowUp":
      to.row -= 1;
      break;
    case "ArrowDown":
      to.row += 1;
      break;
    case "ArrowLeft":
      to.column -= 1;
      break;
    case "ArrowRight":
      to.column += 1;
      break;
    case "PageUp":
      to.row -= PAGE_ROWS;
      break;
    case "PageDown":
      to.row += PAGE_ROWS;
      break;
    case "Home":
      to.column = 0;
      if (toEnd) to.row = 0;
      break;
    case "End":
      to.column = columnCount - 1;
      if (toEnd) to.row = rowCount - 1;
      break;
    default:
      return undefined;
  }
  return {
    row: Math.min(rowCount - 1, Math.max(0, to.row)),
    column: Math.min(columnCount - 1, Math.max(0, to.column)),
  };
}

/** One cell at a time takes the focus, and keys move it. */
export function useGridKeys(grid: GridKeys) {
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const current: Cell = {
    row: Math.min(active.row, Math.max(0, grid.rowCount - 1)),
    column: Math.min(active.column, Math.max(0, grid.columnCount - 1)),
  };
  const focusCell = (cell: Cell): void => {
    // After the state has reached the page; the cell may have been an editor until then.
    requestAnimationFrame(() => {
      const target = grid.scroller.current?.querySelector<HTMLElement>(`[data-cell="${cell.row}:${cell.column}"]`);
      target?.focus({ preventScroll: true });
      target?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (grid.isEditing || !(event.target as HTMLElement).dataset["cell"]) return;
    const command = event.ctrlKey || event.metaKey;
    const next = moveCell(current, event.key, grid.rowCount, grid.columnCount, command);
    if (next) {
      event.preventDefault();
      setActive(next);
      focusCell(next);
      return;
    }
    if (command && event.key.toLowerCase() === "c" && String(getSelection()) === "") {
      event.preventDefault();
      void navigator.clipboard.writeText(cellText(grid.valueAt(current)));
      return;
    }
    if (command || event.altKey) return;
    const actions: Record<string, () => void> = {
      Enter: () => grid.onEdit(current),
      F2: () => grid.onEdit(current),
      " ": () => grid.onToggle(current.row),
      e: () => grid.onOpen(current.row),
      Delete: grid.onDelete,
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  return { active: current, setActive, onKeyDown, focusCell };
}
