import type { ComponentProps } from "react";
import { cx } from "@/components/cx";

export const CONTROL =
  "bg-raised border-field/50 text-ink placeholder:text-faint w-full rounded-md border px-2.5 transition-colors hover:border-field focus-visible:border-focus focus-visible:outline-offset-0 aria-invalid:border-bad disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input autoComplete="off" spellCheck={false} className={cx(CONTROL, "h-8 pointer-coarse:h-10", className)} {...rest} />;
}
