import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { Keys } from "@/components/Keys";

export function Tooltip({ label, keys, children }: { label: string; keys?: string | undefined; children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          sideOffset={6}
          collisionPadding={8}
          className="bg-raised text-ink border-line shadow-pop animate-fade-in z-50 flex items-center gap-2 rounded-md border px-2 py-1 text-xs"
        >
          {label}
          {keys && <Keys keys={keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
