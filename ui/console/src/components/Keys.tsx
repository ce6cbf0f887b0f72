import { cx } from "@/components/cx";

/** Keys to press, in order: "g t", "?", "Ctrl+K". */
export function Keys({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cx("inline-flex items-center gap-1", className)}>
      {keys.split(" ").map((key, index) => (
        <kbd
          key={index}
          className="border-line-strong bg-sunken text-muted inline-flex h-5 min-w-5 items-center justify-center rounded border px-1 font-sans text-2xs"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
