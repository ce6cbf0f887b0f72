import { X } from "lucide-react";
import { Button } from "@/components/Button";
import { IconButton } from "@/components/IconButton";
import { ProgressBar } from "@/components/ProgressBar";
import { formatBytes } from "@/format/bytes";
import type { Upload } from "@/pages/storage/use-uploads";

const TONES = { waiting: "text-faint", sending: "", stored: "text-ok", failed: "text-bad", cancelled: "text-muted" };

interface UploadListProps {
  uploads: Upload[];
  /** One file, or all that are not stored yet. */
  onCancel: (id?: number) => void;
  onClear: () => void;
}

export function UploadList({ uploads, onCancel, onClear }: UploadListProps) {
  if (uploads.length === 0) return null;
  const stored = uploads.filter(({ state }) => state === "stored").length;
  const unfinished = uploads.filter(({ state }) => state === "waiting" || state === "sending");
  const bytes = uploads.reduce((sum, { size }) => sum + size, 0);
  const sent = uploads.reduce((sum, { size, fraction }) => sum + size * fraction, 0);
  return (
    <section aria-label="Uploads" className="border-line bg-panel mt-3 rounded-lg border">
      <div className="border-line flex h-11 items-center gap-4 border-b px-3">
        <p role="status" className="tnum shrink-0 font-medium">
          {stored} of {uploads.length} uploaded
        </p>
        <span className="flex-1">{unfinished.length > 0 && uploads.length > 1 && <ProgressBar fraction={bytes === 0 ? 0 : sent / bytes} label="All uploads" />}</span>
        {unfinished.length > 0 ? (
          <Button variant="ghost" onClick={() => onCancel()} className="-mr-2">
            Cancel all
          </Button>
        ) : (
          <Button variant="ghost" onClick={onClear} className="-mr-2">
            Clear
          </Button>
        )}
      </div>
      <ul tabIndex={0} aria-label="Files on their way" className="thin-scroll max-h-48 overflow-y-auto focus-visible:-outline-offset-2">
        {uploads.map((upload) => (
          <li key={upload.id} className="grid min-h-9 grid-cols-[minmax(0,1fr)_5rem_8rem_2rem] items-center gap-3 py-0.5 pr-1 pl-3">
            <span className="truncate" title={upload.name}>
              {upload.name}
            </span>
            <span className="text-muted tnum text-right">{formatBytes(upload.size)}</span>
            {upload.state === "sending" ? (
              <ProgressBar fraction={upload.fraction} label={`Uploading ${upload.name}`} />
            ) : (
              <span className={TONES[upload.state]}>{upload.state}</span>
            )}
            {upload.state === "waiting" || upload.state === "sending" ? (
              <IconButton label={`Cancel ${upload.name}`} onClick={() => onCancel(upload.id)}>
                <X />
              </IconButton>
            ) : (
              <span />
            )}
            {upload.problem && <p className="text-bad col-span-full pb-1 text-xs">{upload.problem}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
