import { ApiError, messageOf } from "@/api/client";
import { Notice } from "@/components/Notice";

/** What went wrong, and what the server advises. */
export function Problem({ error }: { error: unknown }) {
  const hint = error instanceof ApiError ? error.hint : undefined;
  return (
    <Notice tone="bad">
      <span className="wrap-anywhere">{messageOf(error)}</span>
      {hint && <span className="mt-0.5 block text-xs wrap-anywhere">{hint}</span>}
    </Notice>
  );
}
