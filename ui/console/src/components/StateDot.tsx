import { cx } from "@/components/cx";

const TONES = { up: "bg-ok", down: "bg-bad", off: "bg-faint/60" };

/** A coloured dot; always beside a word that says the same. */
export function StateDot({ state }: { state: keyof typeof TONES }) {
  return <span aria-hidden className={cx("inline-block size-2 shrink-0 rounded-full", TONES[state])} />;
}
