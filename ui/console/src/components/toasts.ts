import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  tone: "ok" | "bad";
  message: string;
}

const SHOWN_MILLISECONDS = { ok: 4_000, bad: 9_000 };
const listeners = new Set<() => void>();
let toasts: Toast[] = [];
let lastId = 0;

function change(next: Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

export function dismissToast(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

/** Says in the corner of the page what just happened. */
export function toast(tone: Toast["tone"], message: string): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-3), { id, tone, message }]);
  setTimeout(() => dismissToast(id), SHOWN_MILLISECONDS[tone]);
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
