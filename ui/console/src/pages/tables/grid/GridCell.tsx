import { cx } from "@/components/cx";
import { cellText, isNumeric } from "@/records/cell";

interface GridCellProps {
  value: unknown;
  type: string;
  position: string;
  focusable: boolean;
  onFocus: () => void;
  onEdit: () => void;
}

/** Longer values are cut: a cell shows one line, the drawer shows all of it. */
const SHOWN_CHARACTERS = 200;

export function GridCell({ value, type, position, focusable, onFocus, onEdit }: GridCellProps) {
  const missing = value === null || value === undefined;
  return (
    <td
      role="gridcell"
      data-cell={position}
      tabIndex={focusable ? 0 : -1}
      onFocus={onFocus}
      onDoubleClick={onEdit}
      className={cx(
        "border-line h-9 max-w-80 min-w-24 cursor-default truncate border-r border-b px-3 font-mono text-xs whitespace-nowrap focus-visible:-outline-offset-2",
        isNumeric(type) && "tnum text-right",
      )}
    >
      {missing ? <span className="text-faint italic">NULL</span> : cellText(value).slice(0, SHOWN_CHARACTERS)}
    </td>
  );
}
