import { useQuery } from "@tanstack/react-query";
import { readStart, type StoredObject } from "@/api/buckets";
import { ErrorState } from "@/components/ErrorState";
import { Notice } from "@/components/Notice";
import { SkeletonRows } from "@/components/SkeletonRows";
import { formatBytes } from "@/format/bytes";

/** So much of a text is shown; a page with more of it would only be slow. */
const SHOWN = 256 * 1024;

export function TextPreview({ bucket, object, json }: { bucket: string; object: StoredObject; json: boolean }) {
  const start = useQuery({
    queryKey: ["preview", bucket, object.key, object.uploadedAt],
    queryFn: ({ signal }) => readStart(bucket, object.key, SHOWN, signal),
    gcTime: 0,
  });
  if (start.isPending) return <SkeletonRows rows={6} label="Loading the text" />;
  if (start.isError) return <ErrorState title="The file could not be read" error={start.error} onRetry={() => void start.refetch()} />;
  const { text, whole } = start.data;
  return (
    <div className="flex h-full flex-col gap-2">
      {!whole && (
        <Notice tone="info">
          The first {formatBytes(SHOWN)} of {formatBytes(object.size)}.
        </Notice>
      )}
      <pre
        tabIndex={0}
        aria-label={`Text of ${object.key}`}
        className="bg-sunken border-line thin-scroll min-h-24 flex-1 overflow-auto rounded-md border px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
      >
        {text === "" ? <span className="text-faint">The file is empty.</span> : json && whole ? indented(text) : text}
      </pre>
    </div>
  );
}

/** JSON with line breaks; what does not parse stays as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
