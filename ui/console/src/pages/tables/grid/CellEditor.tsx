import { useRef, useState } from "react";
import { messageOf } from "@/api/client";
import type { Column } from "@/api/tables";
import { cx } from "@/components/cx";
import { toast } from "@/components/toasts";
import { draftOf, isNumeric, parseDraft } from "@/records/cell";

interface CellEditorProps {
  value: unknown;
  column: Column;
  onSave: (value: unknown) => Promise<void>;
  /** Called when editing ends, with the number of columns to move by. */
  onDone: (move: number) => void;
}

/** A cell while it is edited: Enter, Tab and leaving it save, Escape gives up. */
export function CellEditor({ value, column, onSave, onDone }: CellEditorProps) {
  const before = draftOf(value, column.type);
  const [draft, setDraft] = useState(before ?? "");
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<string>();
  const over = useRef(false);

  const finish = (move: number): void => {
    over.current = true;
    onDone(move);
  };
  const save = async (move: number): Promise<void> => {
    if (over.current || saving) return;
    if (draft === (before ?? "")) return finish(move);
    const parsed = parseDraft(draft, column);
    if (!parsed.ok) return setProblem(parsed.message);
    setSaving(true);
    try {
      await onSave(parsed.value);
      finish(move);
    } catch (error) {
      setSaving(false);
      setProblem(messageOf(error));
      toast("bad", `${column.columnName} was not changed: ${messageOf(error)}`);
    }
  };
  return (
    <td role="gridcell" className="border-line relative h-9 border-r border-b p-0">
      <input
        autoFocus
        aria-label={`Edit ${column.columnName}`}
        aria-invalid={problem ? true : undefined}
        title={problem}
        value={draft}
        readOnly={saving}
        spellCheck={false}
        autoComplete="off"
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setDraft(event.target.value);
          setProblem(undefined);
        }}
        onBlur={() => void save(0)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === "Escape") finish(0);
          else if (event.key === "Enter") void save(0);
          else if (event.key === "Tab") {
            event.preventDefault();
            void save(event.shiftKey ? -1 : 1);
          }
        }}
        className={cx(
          "bg-raised outline-accent aria-invalid:outline-bad absolute inset-0 w-full px-3 font-mono text-xs outline-2 -outline-offset-2",
          isNumeric(column.type) && "tnum text-right",
          saving && "opacity-60",
        )}
      />
      {problem && (
        <span role="alert" className="bg-bad-soft text-bad shadow-pop absolute top-full left-0 z-20 rounded-b-md px-2.5 py-1.5 font-sans text-xs">
          {problem}
        </span>
      )}
    </td>
  );
}
