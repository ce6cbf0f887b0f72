import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cx } from "@/components/cx";

export function Checkbox({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cx(
        "border-field bg-raised data-[state=checked]:border-accent data-[state=checked]:bg-accent inline-flex size-4 shrink-0 items-center justify-center rounded border",
        "data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent relative after:absolute after:-inset-1.5 disabled:opacity-50",
        className,
      )}
      {...rest}
    >
      <Radix.Indicator className="text-accent-ink">
        {rest.checked === "indeterminate" ? <Minus className="size-3" strokeWidth={3} /> : <Check className="size-3" strokeWidth={3} />}
      </Radix.Indicator>
    </Radix.Root>
  );
}
