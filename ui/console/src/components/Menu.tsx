import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/components/cx";

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  onSelect: () => void;
}

interface MenuProps {
  trigger: ReactNode;
  heading?: ReactNode;
  items: MenuItem[];
  align?: "start" | "end";
  side?: "top" | "bottom";
}

export function Menu({ trigger, heading, items, align = "end", side = "bottom" }: MenuProps) {
  return (
    // Not modal: a modal menu hides from readers a page whose links the keyboard still reaches.
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="bg-raised border-line shadow-pop animate-fade-in z-50 min-w-44 rounded-lg border p-1"
        >
          {heading && <div className="text-muted border-line mb-1 border-b px-2 py-1.5 text-xs">{heading}</div>}
          {items.map((item) => (
            <Radix.Item
              key={item.label}
              onSelect={item.onSelect}
              className={cx(
                "flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 outline-none select-none pointer-coarse:h-10 [&_svg]:size-4",
                item.danger ? "text-bad data-[highlighted]:bg-bad-soft" : "text-ink data-[highlighted]:bg-hover",
              )}
            >
              {item.icon}
              {item.label}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
