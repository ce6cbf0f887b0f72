import { Skeleton } from "@/components/Skeleton";

const WIDTHS = ["w-2/5", "w-1/3", "w-1/2", "w-1/4", "w-2/5", "w-1/3"];

/** Stands where a list will be, and says so to a screen reader. */
export function SkeletonRows({ rows = 8, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="border-line flex h-10 items-center gap-6 border-b px-4">
          <Skeleton className={`h-3 ${WIDTHS[index % WIDTHS.length]}`} />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
