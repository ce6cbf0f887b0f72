import type { ComponentProps } from "react";
import { cx } from "@/components/cx";
import { CONTROL } from "@/components/Input";

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea spellCheck={false} className={cx(CONTROL, "thin-scroll min-h-8 py-1.5 leading-5", className)} {...rest} />;
}
