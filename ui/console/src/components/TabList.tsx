import { Tabs } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { cx } from "@/components/cx";

interface TabListProps {
  label: string;
  tabs: { value: string; label: ReactNode }[];
  className?: string;
}

export function TabList({ label, tabs, className }: TabListProps) {
  const list = useRef<HTMLDivElement>(null);
  // On a narrow screen the chosen tab may be out of sight.
  useEffect(() => {
    list.current?.querySelector("[data-state=active]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  return (
    <Tabs.List ref={list} aria-label={label} className={cx("border-line thin-scroll flex gap-5 overflow-x-auto overflow-y-hidden border-b", className)}>
      {tabs.map((tab) => (
        <Tabs.Trigger
          key={tab.value}
          value={tab.value}
          className="text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent data-[state=active]:font-medium pointer-coarse:h-11"
        >
          {tab.label}
        </Tabs.Trigger>
      ))}
    </Tabs.List>
  );
}
