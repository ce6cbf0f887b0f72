import { useEffect, useRef } from "react";

/** One shortcut: "?" or "n" or a sequence like "g t". */
export type ShortcutMap = Record<string, () => void>;

const SEQUENCE_MILLISECONDS = 1_200;

/** True while typing belongs to a field, a menu or a dialog rather than to the page. */
function isBusy(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("input, textarea, select, [role=menu], [role=listbox]")) return true;
  return document.querySelector("[role=dialog], [role=alertdialog]") !== null;
}

/** Runs page-wide shortcuts while the component is mounted. */
export function useShortcuts(shortcuts: ShortcutMap): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let prefix = "";
    let at = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      const now = performance.now();
      const sequence = prefix !== "" && now - at < SEQUENCE_MILLISECONDS ? `${prefix} ${event.key}` : event.key;
      prefix = event.key;
      at = now;
      const action = latest.current[sequence];
      if (!action) return;
      event.preventDefault();
      prefix = "";
      action();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** The name of the command key on this machine. */
export const COMMAND_KEY = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
