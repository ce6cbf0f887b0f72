import { RotateCw, TriangleAlert } from "lucide-react";
import { ApiError, messageOf } from "@/api/client";
import { Button } from "@/components/Button";

/** What went wrong, in the server's words, and what to do now. */
export function ErrorState({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  // The log has more to say only about what failed in the server itself.
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : undefined;
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center px-4 py-14 text-center">
      <div className="bg-bad-soft text-bad mb-4 rounded-xl p-3">
        <TriangleAlert aria-hidden className="size-5" />
      </div>
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="text-muted mt-1 wrap-anywhere">{messageOf(error)}</p>
      {requestId && (
        <p className="text-faint mt-2 text-xs">
          Look for <code className="font-mono">{requestId}</code> in the logs.
        </p>
      )}
      {onRetry && (
        <Button className="mt-4" onClick={onRetry}>
          <RotateCw aria-hidden /> Try again
        </Button>
      )}
    </div>
  );
}
