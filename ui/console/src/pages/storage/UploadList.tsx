import { Button } from "@/components/Button";
import { ProgressBar } from "@/components/ProgressBar";
import { formatBytes } from "@/format/bytes";
import type { Upload } from "@/pages/storage/use-uploads";

const WORDS = { waiting: "waiting", stored: "stored", failed: "failed" };

export function UploadList({ uploads, onClear }: { uploads: Upload[]; onClear: () => void }) {
  if (uploads.length === 0) return null;
  const stored = uploads.filter(({ state }) => state === "stored").length;
  const unfinished = uploads.some(({ state }) => state === "waiting" || state === "sending");
  return (
    <section aria-label="Uploads" className="border-line bg-panel mt-3 rounded-lg border">
      <div className="border-line flex h-10 items-center justify-between border-b px-3">
        <p role="status" className="tnum font-medium">
          {stored} of {uploads.length} uploaded
        </p>
        {!unfinished && (
          <Button variant="ghost" onClick={onClear} className="-mr-2">
            Clear
          </Button>
        )}
      </div>
      <ul className="thin-scroll max-h-48 overflow-y-auto">
        {uploads.map((upload) => (
          <li key={upload.id} className="grid min-h-9 grid-cols-[minmax(0,1fr)_5rem_8rem] items-center gap-3 px-3 py-1">
            <span className="truncate" title={upload.name}>
              {upload.name}
            </span>
            <span className="text-muted tnum text-right">{formatBytes(upload.size)}</span>
            {upload.state === "sending" ? (
              <ProgressBar fraction={upload.fraction} label={`Uploading ${upload.name}`} />
            ) : (
              <span className={upload.state === "failed" ? "text-bad" : upload.state === "stored" ? "text-ok" : "text-faint"}>
                {WORDS[upload.state]}
              </span>
            )}
            {upload.problem && <p className="text-bad col-span-full text-xs">{upload.problem}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
