import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/IconButton";
import { formatCount } from "@/format/number";

interface PaginationProps {
  offset: number;
  limit: number;
  total: number;
  /** What is counted, in the singular. */
  noun: string;
  onOffset: (offset: number) => void;
  children?: ReactNode;
}

export function Pagination({ offset, limit, total, noun, onOffset, children }: PaginationProps) {
  const from = total === 0 ? 0 : offset + 1;
  const to = Math.min(offset + limit, total);
  return (
    <nav aria-label="Pages" className="border-line bg-panel text-muted tnum flex h-11 shrink-0 items-center gap-2 border-t pr-3 pl-4 sm:pl-6">
      <span aria-live="polite">
        <span className="text-ink">
          {formatCount(from)}–{formatCount(to)}
        </span>{" "}
        of <span className="text-ink">{formatCount(total)}</span> {total === 1 ? noun : `${noun}s`}
      </span>
      <span className="flex-1" />
      {children}
      <IconButton label="Previous page" disabled={offset === 0} onClick={() => onOffset(Math.max(0, offset - limit))}>
        <ChevronLeft />
      </IconButton>
      <IconButton label="Next page" disabled={to >= total} onClick={() => onOffset(offset + limit)}>
        <ChevronRight />
      </IconButton>
    </nav>
  );
}
