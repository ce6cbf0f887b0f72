import { Switch as Radix } from "radix-ui";
import type { ComponentProps } from "react";
import { cx } from "@/components/cx";

export function Switch({ className, ...rest }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      className={cx(
        "bg-field data-[state=checked]:bg-accent relative h-4.5 w-8 shrink-0 rounded-full transition-colors disabled:opacity-50",
        "after:absolute after:-inset-2",
        className,
      )}
      {...rest}
    >
      <Radix.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-white transition-transform data-[state=checked]:translate-x-4" />
    </Radix.Root>
  );
}
