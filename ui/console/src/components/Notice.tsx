import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/components/cx";

export type Tone = "ok" | "warn" | "bad" | "info";

const TONES: Record<Tone, { className: string; icon: typeof Info }> = {
  ok: { className: "bg-ok-soft text-ok", icon: CircleCheck },
  warn: { className: "bg-warn-soft text-warn", icon: TriangleAlert },
  bad: { className: "bg-bad-soft text-bad", icon: CircleAlert },
  info: { className: "bg-info-soft text-info", icon: Info },
};

/** A short message in the flow of the page; failures are announced at once. */
export function Notice({ tone, children, className }: { tone: Tone; children: ReactNode; className?: string }) {
  const { icon: Icon, className: colours } = TONES[tone];
  return (
    <div role={tone === "bad" ? "alert" : undefined} className={cx("flex items-start gap-2 rounded-md px-3 py-2", colours, className)}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 wrap-anywhere">{children}</div>
    </div>
  );
}
