import { useMutation } from "@tanstack/react-query";
import { Lightbulb } from "lucide-react";
import { messageOf } from "@/api/client";
import { Button } from "@/components/Button";
import { Problem } from "@/components/Problem";
import { Skeleton } from "@/components/Skeleton";
import type { Advice } from "@/pages/tables/indexes/advice";

interface AdviceListProps {
  advice: Advice[];
  pending: boolean;
  error: unknown;
  onFollow: (advice: Advice) => Promise<void>;
}

/** The advisor's hints about a table's indexes, each with the button that follows it. */
export function AdviceList({ advice, pending, error, onFollow }: AdviceListProps) {
  const follow = useMutation({ mutationFn: onFollow });
  return (
    <section aria-labelledby="advice">
      <h2 id="advice" className="mb-2 text-base font-semibold">
        Advice
      </h2>
      {follow.isError && <Problem error={follow.error} />}
      {pending ? (
        <div role="status" aria-label="Loading the advice" className="border-line bg-panel flex h-14 items-center rounded-lg border px-4">
          <Skeleton className="h-3 w-2/5" />
        </div>
      ) : error ? (
        <p className="text-muted">The advisor did not answer: {messageOf(error)}</p>
      ) : advice.length === 0 ? (
        <p className="border-line bg-panel text-muted flex min-h-14 items-center rounded-lg border px-4">
          Nothing to mend: every relation has an index, none is there twice, and none lies unused.
        </p>
      ) : (
        <ul className="border-line bg-panel divide-line divide-y rounded-lg border">
          {advice.map((one) => (
            <li key={`${one.finding.rule} ${one.finding.affectedObject}`} className="flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
              <Lightbulb aria-hidden className="text-warn size-4 shrink-0" />
              <span className="min-w-0 flex-1 basis-64">
                <span className="block font-medium">{one.finding.title}</span>
                <span className="text-muted block wrap-anywhere">{one.finding.description}</span>
              </span>
              <Button
                busy={follow.isPending && follow.variables === one}
                variant={one.kind === "drop" ? "danger-quiet" : "secondary"}
                onClick={() => follow.mutate(one)}
              >
                {one.kind === "add" ? `Index ${one.columns.join(", ")}` : `Drop ${one.index}`}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
