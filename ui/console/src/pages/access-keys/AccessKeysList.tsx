import { Trash2 } from "lucide-react";
import type { AccessKey } from "@/api/access-keys";
import { CopyButton } from "@/components/CopyButton";
import { IconButton } from "@/components/IconButton";
import { Moment } from "@/components/Moment";

export function AccessKeysList({ keys, onRevoke }: { keys: AccessKey[]; onRevoke: (key: AccessKey) => void }) {
  return (
    <ul aria-label="Access keys" className="border-line bg-panel divide-line divide-y rounded-lg border">
      {keys.map((key) => (
        <li key={key.id} className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{key.description ?? "No description"}</span>
            <code className="text-muted block truncate font-mono text-xs">{key.accessKeyId}</code>
          </span>
          <span className="text-muted tnum shrink-0 text-right text-xs max-sm:hidden">
            <span className="block">
              made <Moment at={key.createdAt} />
            </span>
            <span className="block">{key.lastUsedAt ? <>used <Moment at={key.lastUsedAt} /></> : "never used"}</span>
          </span>
          <span className="flex shrink-0">
            <CopyButton text={key.accessKeyId} label={`Copy the id of ${key.description ?? key.accessKeyId}`} />
            <IconButton label={`Revoke ${key.description ?? key.accessKeyId}`} onClick={() => onRevoke(key)} className="hover:text-bad">
              <Trash2 />
            </IconButton>
          </span>
        </li>
      ))}
    </ul>
  );
}
