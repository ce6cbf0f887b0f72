import type { ComponentProps } from "react";
import { cx } from "@/components/cx";
import { Spinner } from "@/components/Spinner";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger" | "danger-quiet";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover font-medium",
  secondary: "bg-raised text-ink border border-line-strong hover:bg-hover",
  ghost: "text-muted hover:text-ink hover:bg-hover",
  danger: "bg-bad-fill text-white hover:brightness-110 font-medium",
  "danger-quiet": "bg-raised text-bad border border-line-strong hover:bg-bad-soft",
};

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  /** Shows a spinner and refuses clicks while an action runs. */
  busy?: boolean;
}

export function Button({ variant = "secondary", busy = false, className, children, disabled, type, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(
        "inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-3 whitespace-nowrap transition-colors select-none",
        "disabled:cursor-not-allowed disabled:opacity-55 pointer-coarse:h-10 [&_svg]:size-4 [&_svg]:shrink-0",
        VARIANTS[variant],
        className,
      )}
      {...rest}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
