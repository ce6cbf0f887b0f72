import { CircleAlert, CircleCheck, History } from "lucide-react";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { EmptyState } from "@/components/EmptyState";
import { Moment } from "@/components/Moment";
import { plural } from "@/format/number";
import type { Ran } from "@/pages/sql/history";

interface HistoryDrawerProps {
  open: boolean;
  history: Ran[];
  onOpenChange: (open: boolean) => void;
  onChoose: (query: string) => void;
  onClear: () => void;
}

export function HistoryDrawer({ open, history, onOpenChange, onChoose, onClear }: HistoryDrawerProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="drawer"
      title="History"
      description="The last 100 texts run from this browser, kept in it alone. What they answered is not kept."
      footer={
        history.length > 0 && (
          <Button variant="danger-quiet" onClick={onClear}>
            Forget all
          </Button>
        )
      }
    >
      {history.length === 0 ? (
        <EmptyState icon={History} title="Nothing was run yet">
          What you run appears here, so that you can run it again.
        </EmptyState>
      ) : (
        <ul className="divide-line -mx-5 -my-4 divide-y">
          {history.map((ran) => (
            <li key={ran.query}>
              <button
                type="button"
                onClick={() => onChoose(ran.query)}
                className="hover:bg-hover flex w-full flex-col gap-1 px-5 py-2.5 text-left focus-visible:-outline-offset-2"
              >
                <code className="line-clamp-3 w-full font-mono text-xs whitespace-pre-wrap wrap-anywhere">{ran.query.trim()}</code>
                <span className="text-faint flex items-center gap-1.5 text-xs">
                  {ran.ok ? <CircleCheck aria-label="done" className="text-ok size-3.5" /> : <CircleAlert aria-label="failed" className="text-bad size-3.5" />}
                  <Moment at={ran.at} />
                  {ran.rows !== undefined && <span className="tnum">· {plural(ran.rows, "row")}</span>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
