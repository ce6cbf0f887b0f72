import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cx } from "@/components/cx";
import { Input } from "@/components/Input";
import { useShortcuts } from "@/keyboard/shortcuts";

interface SearchInputProps {
  label: string;
  value: string;
  /** Called when typing has paused. */
  onChange: (value: string) => void;
  className?: string;
  /** How long a pause ends typing; 0 answers every key. */
  delay?: number;
}

/** A search field that "/" focuses and Escape empties. */
export function SearchInput({ label, value, onChange, className, delay = 250 }: SearchInputProps) {
  const [draft, setDraft] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setDraft(value), [value]);
  useEffect(() => {
    if (draft === value) return;
    const timer = setTimeout(() => onChange(draft), delay);
    return () => clearTimeout(timer);
  }, [draft, value, delay, onChange]);
  useShortcuts({ "/": () => input.current?.focus() });
  return (
    <div role="search" className={cx("relative max-sm:basis-48 max-sm:grow", className)}>
      <Search aria-hidden className="text-faint pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2" />
      <Input
        ref={input}
        type="text"
        aria-label={label}
        placeholder={label}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          if (draft === "") event.currentTarget.blur();
          setDraft("");
          onChange("");
        }}
        className="px-8"
      />
      {draft !== "" && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            setDraft("");
            onChange("");
            input.current?.focus();
          }}
          className="text-faint hover:text-ink absolute top-1/2 right-1.5 -translate-y-1/2 rounded p-1"
        >
          <X className="size-3.5" />
        </button>
      )}
    </div>
  );
}
