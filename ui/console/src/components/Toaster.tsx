import { CircleAlert, CircleCheck, X } from "lucide-react";
import { dismissToast, useToasts } from "@/components/toasts";

export function Toaster() {
  const toasts = useToasts();
  return (
    <div role="status" aria-live="polite" className="pointer-events-none fixed right-4 bottom-4 z-[60] flex w-[min(22rem,calc(100vw-2rem))] flex-col gap-2">
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="bg-raised border-line shadow-pop animate-rise-in pointer-events-auto flex items-start gap-2.5 rounded-lg border py-2.5 pr-2 pl-3"
        >
          {toast.tone === "ok" ? (
            <CircleCheck aria-hidden className="text-ok mt-0.5 size-4 shrink-0" />
          ) : (
            <CircleAlert aria-hidden className="text-bad mt-0.5 size-4 shrink-0" />
          )}
          <p className="min-w-0 flex-1 wrap-anywhere">{toast.message}</p>
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => dismissToast(toast.id)}
            className="text-muted hover:text-ink hover:bg-hover rounded p-0.5"
          >
            <X className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
