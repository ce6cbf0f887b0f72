import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cx } from "@/components/cx";
import { CONTROL } from "@/components/Input";

export interface SelectOption {
  value: string;
  label: string;
}

/** The browser's own select: it works with every keyboard, screen reader and phone. */
export function Select({ options, className, ...rest }: ComponentProps<"select"> & { options: SelectOption[] }) {
  return (
    <span className={cx("relative inline-flex", className)}>
      <select className={cx(CONTROL, "h-8 appearance-none truncate pr-7 pointer-coarse:h-10")} {...rest}>
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-panel text-ink">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden className="text-faint pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2" />
    </span>
  );
}
