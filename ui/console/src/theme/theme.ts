import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "busbar.theme";
const listeners = new Set<() => void>();
let current: Theme = read();

function read(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    // Storage can be switched off in the browser; the theme then lasts as long as the page.
    return "system";
  }
}

/** Puts the chosen theme on the document; without one the browser follows the system. */
export function applyTheme(theme: Theme = current): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function setTheme(theme: Theme): void {
  current = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // As in read().
  }
  applyTheme(theme);
  listeners.forEach((listener) => listener());
}

/** Whether the page is dark now, whichever way that was decided. */
export function isDark(): boolean {
  return current === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : current === "dark";
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
