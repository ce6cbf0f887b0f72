import { FileQuestion, ImageOff } from "lucide-react";
import { useState } from "react";
import { previewUrl, type StoredObject } from "@/api/buckets";
import { EmptyState } from "@/components/EmptyState";
import { previewKind } from "@/pages/storage/preview/kind";
import { TextPreview } from "@/pages/storage/preview/TextPreview";

/**
 * Shows a stranger's file without running anything in it: pictures, sounds and films come from an address whose
 * policy is a locked room, documents open in the browser's own viewer, and everything else is read as plain text.
 */
export function PreviewBody({ bucket, object }: { bucket: string; object: StoredObject }) {
  const [failed, setFailed] = useState(false);
  const source = previewUrl(bucket, object.key);
  const onError = (): void => setFailed(true);
  if (failed) {
    return (
      <EmptyState icon={ImageOff} title="This file cannot be shown">
        It may be damaged, or of a kind that this browser does not know. Download it to look at it elsewhere.
      </EmptyState>
    );
  }
  switch (previewKind(object.key, object.mimeType)) {
    case "image":
      return (
        <div className="border-line checkered flex h-full min-h-40 items-center justify-center overflow-hidden rounded-md border p-2">
          <img src={source} alt={object.key} onError={onError} className="max-h-[60dvh] max-w-full object-contain" />
        </div>
      );
    case "audio":
      return <audio controls preload="metadata" src={source} onError={onError} className="w-full" />;
    case "video":
      return <video controls preload="metadata" src={source} onError={onError} className="bg-sunken max-h-[60dvh] w-full rounded-md" />;
    case "pdf":
      return <iframe title={object.key} src={source} className="border-line h-full min-h-[50dvh] w-full rounded-md border bg-white" />;
    case "text":
      return <TextPreview bucket={bucket} object={object} json={false} />;
    case "json":
      return <TextPreview bucket={bucket} object={object} json />;
    case "none":
      return (
        <EmptyState icon={FileQuestion} title="No preview">
          Files of this type are not shown here. Download it to look at it.
        </EmptyState>
      );
  }
}
