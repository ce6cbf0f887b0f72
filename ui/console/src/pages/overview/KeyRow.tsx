import type { ReactNode } from "react";
import { CopyButton } from "@/components/CopyButton";

interface KeyRowProps {
  name: string;
  note: string;
  /** The key itself, once it may be shown. */
  value: string | undefined;
  hint?: string;
  action?: ReactNode;
}

export function KeyRow({ name, note, value, hint, action }: KeyRowProps) {
  return (
    <div className="px-4 py-2.5">
      <div className="flex items-center justify-between gap-2">
        <div className="min-w-0">
          <p className="font-medium">{name}</p>
          <p className="text-faint text-xs">{note}</p>
        </div>
        <div className="flex">
          {action}
          {value !== undefined && <CopyButton text={value} label={`Copy the ${name}`} />}
        </div>
      </div>
      <code className="text-muted mt-1 block truncate font-mono text-xs" title={value}>
        {value ?? hint}
      </code>
    </div>
  );
}
