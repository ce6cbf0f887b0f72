import type { ComponentProps, ReactNode } from "react";
import { cx } from "@/components/cx";
import { Tooltip } from "@/components/Tooltip";

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** What the button does; read aloud and shown on hover. */
  label: string;
  keys?: string;
  children: ReactNode;
}

export function IconButton({ label, keys, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          "text-muted hover:bg-hover hover:text-ink inline-flex size-8 shrink-0 items-center justify-center rounded-md transition-colors",
          "disabled:cursor-not-allowed disabled:opacity-40 pointer-coarse:size-10 [&_svg]:size-4",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
