import { CloudUpload } from "lucide-react";
import { type ReactNode, useState } from "react";
import { FileDrop } from "@/components/FileDrop";
import { UploadList } from "@/pages/storage/UploadList";
import { useUploads } from "@/pages/storage/use-uploads";

interface UploadZoneProps {
  bucket: string;
  onStored: () => void;
  children: ReactNode;
}

/** A bucket's files; files dropped anywhere on them are uploaded. */
export function UploadZone({ bucket, onStored, children }: UploadZoneProps) {
  const { uploads, add, cancel, clear } = useUploads(bucket, onStored);
  const [over, setOver] = useState(false);
  return (
    <div
      className={`thin-scroll min-h-0 flex-1 overflow-y-auto ${over ? "bg-accent-soft" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      // In capture, because the field inside takes its own drops.
      onDropCapture={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        add([...event.dataTransfer.files]);
      }}
    >
      <div className="p-4 sm:px-6">
        <FileDrop label="Upload files" multiple onFiles={add}>
          <CloudUpload aria-hidden className="size-5" />
          <span>
            <span className="text-accent font-medium">Choose files</span> or drop them here
          </span>
          <span className="text-faint text-xs">A file with the same key is replaced.</span>
        </FileDrop>
        <UploadList uploads={uploads} onCancel={cancel} onClear={clear} />
      </div>
      {children}
    </div>
  );
}
