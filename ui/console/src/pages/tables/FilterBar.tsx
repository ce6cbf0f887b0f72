import { ListFilter, X } from "lucide-react";
import { Popover } from "radix-ui";
import { useState } from "react";
import type { Column } from "@/api/tables";
import { Button } from "@/components/Button";
import { FilterForm } from "@/pages/tables/FilterForm";
import { type Filter, OPERATORS } from "@/records/filter";

interface FilterBarProps {
  columns: Column[];
  filters: Filter[];
  onChange: (filters: Filter[]) => void;
}

/** The filters in force, each removable, and a form for one more. */
export function FilterBar({ columns, filters, onChange }: FilterBarProps) {
  const [open, setOpen] = useState(false);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2" role="group" aria-label="Filters">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <Button>
            <ListFilter aria-hidden /> Filter
          </Button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={6}
            collisionPadding={8}
            aria-label="Add a filter"
            className="bg-raised border-line shadow-pop animate-fade-in z-40 w-[min(34rem,calc(100vw-1rem))] rounded-lg border p-3"
          >
            <FilterForm
              columns={columns}
              onAdd={(filter) => {
                onChange([...filters, filter]);
                setOpen(false);
              }}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {filters.map((filter, index) => (
        <span
          key={`${index}:${filter.column}`}
          className="bg-accent-soft text-accent inline-flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md pr-0.5 pl-2.5 text-xs"
        >
          <span className="min-w-0 truncate">
            <span className="font-medium">{filter.column}</span> {OPERATORS[filter.operator].sign}{" "}
            {OPERATORS[filter.operator].needsValue && <span className="font-mono">{filter.value}</span>}
          </span>
          <button
            type="button"
            aria-label={`Remove the filter on ${filter.column}`}
            onClick={() => onChange(filters.filter((_, other) => other !== index))}
            className="hover:bg-panel rounded p-1"
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      ))}
    </div>
  );
}
