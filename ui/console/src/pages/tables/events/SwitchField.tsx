import { type ReactNode, useId } from "react";
import { Switch } from "@/components/Switch";

interface SwitchFieldProps {
  label: string;
  hint: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
}

/** A switch with its name and what it means, as a row that can be clicked. */
export function SwitchField({ label, hint, checked, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-3 px-4 py-3">
      <Switch id={id} checked={checked} onCheckedChange={onChange} aria-describedby={`${id}-hint`} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      </div>
    </div>
  );
}
