import { cx } from "@/components/cx";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("bg-line animate-shimmer block rounded", className)} />;
}
