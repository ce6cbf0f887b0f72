import { Download, Link2 } from "lucide-react";
import { objectUrl, type StoredObject } from "@/api/buckets";
import { Button } from "@/components/Button";
import { Dialog } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { Moment } from "@/components/Moment";
import { formatBytes } from "@/format/bytes";
import { PreviewBody } from "@/pages/storage/preview/PreviewBody";

interface PreviewDrawerProps {
  bucket: string;
  object: StoredObject | undefined;
  onClose: () => void;
  onLink: (object: StoredObject) => void;
}

/** A file as it looks, and what is known of it. */
export function PreviewDrawer({ bucket, object, onClose, onLink }: PreviewDrawerProps) {
  return (
    <Dialog
      open={object !== undefined}
      onOpenChange={(open) => !open && onClose()}
      size="drawer-wide"
      title={object?.key ?? ""}
      focusableBody
      footer={
        object && (
          <>
            <Button onClick={() => onLink(object)}>
              <Link2 aria-hidden /> Signed link
            </Button>
            <a
              href={objectUrl(bucket, object.key)}
              download
              className="bg-accent text-accent-ink hover:bg-accent-hover inline-flex h-8 items-center gap-1.5 rounded-md px-3 font-medium pointer-coarse:h-10 [&_svg]:size-4"
            >
              <Download aria-hidden /> Download
            </a>
          </>
        )
      }
    >
      {object && (
        <div className="flex h-full flex-col gap-4">
          <div className="min-h-0 flex-1">
            <PreviewBody key={object.key} bucket={bucket} object={object} />
          </div>
          <Facts
            facts={[
              ["Type", object.mimeType ?? "unknown"],
              ["Size", formatBytes(object.size)],
              ["Uploaded", <Moment key="at" at={object.uploadedAt} />],
              ...(object.uploadedBy ? ([["By", <code key="by" className="font-mono text-xs">{object.uploadedBy}</code>]] as [string, React.ReactNode][]) : []),
            ]}
          />
        </div>
      )}
    </Dialog>
  );
}
