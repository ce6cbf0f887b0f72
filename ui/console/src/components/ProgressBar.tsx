import { Progress } from "radix-ui";

export function ProgressBar({ fraction, label }: { fraction: number; label: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <Progress.Root value={percent} aria-label={label} className="bg-hover h-1.5 w-full overflow-hidden rounded-full">
      <Progress.Indicator className="bg-accent h-full rounded-full transition-[width]" style={{ width: `${percent}%` }} />
    </Progress.Root>
  );
}
