import { closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { PostgreSQL, sql, SQLite } from "@codemirror/lang-sql";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Place } from "@/api/sql";
import { base, markAt, offsetOf } from "@/components/sql-editor/setup";

export interface CodeEditorProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Ctrl+Enter, with the selected text, if any. */
  onRun?: (selected: string) => void;
  database: "sqlite" | "postgres";
  /** Tables with their columns, offered while typing. */
  schema?: Record<string, string[]>;
  /** What is marked as wrong. */
  problem?: Place | undefined;
}

export function CodeEditor({ label, value, onChange, onRun, database, schema, problem }: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const language = useRef(new Compartment());
  const latest = useRef({ onChange, onRun });
  useEffect(() => {
    latest.current = { onChange, onRun };
  });

  useEffect(() => {
    if (!host.current) return;
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          ...base(label, (selected) => latest.current.onRun?.(selected)),
          language.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    // A dialog around the editor would take the key that is meant for the list of completions, and close.
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || !made.hasFocus || completionStatus(made.state) !== "active") return;
      event.preventDefault();
      event.stopPropagation();
      closeCompletion(made);
    };
    window.addEventListener("keydown", onKeyDown, true);
    return () => {
      window.removeEventListener("keydown", onKeyDown, true);
      made.destroy();
    };
    // The view is made once; what changes later is dispatched to it below.
  }, [label]);

  useEffect(() => {
    const dialect = database === "postgres" ? PostgreSQL : SQLite;
    view.current?.dispatch({ effects: language.current.reconfigure(sql({ dialect, ...(schema ? { schema } : {}) })) });
  }, [database, schema, label]);

  useEffect(() => {
    const shown = view.current;
    if (!shown || shown.state.doc.toString() === value) return;
    shown.dispatch({ changes: { from: 0, to: shown.state.doc.length, insert: value }, selection: { anchor: value.length } });
  }, [value]);

  useEffect(() => {
    const shown = view.current;
    if (!shown) return;
    const at = problem ? offsetOf(shown.state.doc, problem) : undefined;
    shown.dispatch({ effects: markAt.of(at) });
    if (at === undefined) return;
    shown.dispatch({ selection: { anchor: at }, scrollIntoView: true });
    shown.focus();
  }, [problem]);

  return <div ref={host} className="sql-editor h-full min-h-0" />;
}
