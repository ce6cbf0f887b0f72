import { Download, Link2, Trash2 } from "lucide-react";
import { objectUrl, type StoredObject } from "@/api/buckets";
import { IconButton } from "@/components/IconButton";
import { Moment } from "@/components/Moment";
import { TD, TH, TR } from "@/components/table-classes";
import { Tooltip } from "@/components/Tooltip";
import { formatBytes } from "@/format/bytes";
import { FileIcon } from "@/pages/storage/FileIcon";

interface ObjectsListProps {
  bucket: string;
  objects: StoredObject[];
  onOpen: (object: StoredObject) => void;
  onLink: (object: StoredObject) => void;
  onDelete: (object: StoredObject) => void;
}

export function ObjectsList({ bucket, objects, onOpen, onLink, onDelete }: ObjectsListProps) {
  return (
    <table className="w-full table-fixed border-collapse">
      <thead>
        <tr>
          <th scope="col" className={TH}>
            Key
          </th>
          <th scope="col" className={`${TH} w-48 max-md:hidden`}>
            Type
          </th>
          <th scope="col" className={`${TH} w-24 text-right max-sm:hidden`}>
            Size
          </th>
          <th scope="col" className={`${TH} w-32 text-right max-sm:hidden`}>
            Uploaded
          </th>
          <th scope="col" className={`${TH} w-32`}>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {objects.map((object) => (
          <tr key={object.key} className={TR}>
            <td className={TD}>
              <span className="flex min-w-0 items-center gap-2.5">
                <FileIcon mimeType={object.mimeType} />
                <button
                  type="button"
                  title={object.key}
                  onClick={() => onOpen(object)}
                  className="truncate rounded text-left font-medium after:absolute after:inset-0"
                >
                  {object.key}
                </button>
              </span>
            </td>
            <td className={`${TD} text-muted truncate max-md:hidden`}>{object.mimeType ?? "unknown"}</td>
            <td className={`${TD} tnum text-right max-sm:hidden`}>{formatBytes(object.size)}</td>
            <td className={`${TD} text-muted tnum text-right max-sm:hidden`}>
              <Moment at={object.uploadedAt} />
            </td>
            <td className={`${TD} text-right`}>
              <span className="relative z-1 inline-flex">
                <IconButton label={`Signed link to ${object.key}`} onClick={() => onLink(object)}>
                  <Link2 />
                </IconButton>
                <Tooltip label="Download">
                  <a
                    href={objectUrl(bucket, object.key)}
                    download
                    aria-label={`Download ${object.key}`}
                    className="text-muted hover:bg-hover hover:text-ink inline-flex size-8 items-center justify-center rounded-md pointer-coarse:size-10"
                  >
                    <Download aria-hidden className="size-4" />
                  </a>
                </Tooltip>
                <IconButton label={`Delete ${object.key}`} onClick={() => onDelete(object)} className="hover:text-bad">
                  <Trash2 />
                </IconButton>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
