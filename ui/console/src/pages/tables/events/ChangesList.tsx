import { useInfiniteQuery } from "@tanstack/react-query";
import { changesQuery } from "@/api/change-events";
import { keysOf, type Table } from "@/api/tables";
import { Button } from "@/components/Button";
import { ErrorState } from "@/components/ErrorState";
import { SkeletonRows } from "@/components/SkeletonRows";
import { ChangeRow } from "@/pages/tables/events/ChangeRow";

const LIVE_MILLISECONDS = 4_000;

/** What was recorded; while changes are recorded, the newest appear by themselves. */
export function ChangesList({ table, recording }: { table: Table; recording: boolean }) {
  const changes = useInfiniteQuery({
    ...changesQuery(table.name),
    // Only the first page is read again and again: more of them are asked for by somebody who reads.
    refetchInterval: (query) => (recording && (query.state.data?.pages.length ?? 0) <= 2 ? LIVE_MILLISECONDS : false),
  });
  const all = changes.data?.pages.flat() ?? [];
  return (
    <section aria-labelledby="recorded" className="min-w-0">
      <h2 id="recorded" className="mb-2 flex items-center gap-2 text-base font-semibold">
        Recorded
        {recording && (
          <span className="text-muted flex items-center gap-1.5 text-sm font-normal">
            <span aria-hidden className="bg-ok size-2 animate-pulse rounded-full" /> live
          </span>
        )}
      </h2>
      {changes.isPending ? (
        <SkeletonRows rows={4} label="Loading what was recorded" />
      ) : changes.isError && all.length === 0 ? (
        <ErrorState title="What was recorded could not be read" error={changes.error} onRetry={() => void changes.refetch()} />
      ) : all.length === 0 ? (
        <p className="border-line bg-panel text-muted rounded-lg border px-4 py-6 text-center">
          {recording ? "No change yet. The next one appears here by itself." : "Nothing. Changes are recorded once a switch above is on and saved."}
        </p>
      ) : (
        <>
          <ul aria-label="Changes, newest first" className="border-line bg-panel divide-line divide-y overflow-hidden rounded-lg border">
            {all.map((change) => (
              <ChangeRow key={change.id} change={change} keys={keysOf(table)} />
            ))}
          </ul>
          <div className="flex justify-center p-3">
            {changes.hasNextPage && all.length >= 50 ? (
              <Button busy={changes.isFetchingNextPage} onClick={() => void changes.fetchNextPage()}>
                Older changes
              </Button>
            ) : (
              <p className="text-faint text-xs">Changes are kept for seven days.</p>
            )}
          </div>
        </>
      )}
    </section>
  );
}
