import { Download, RotateCcw, Trash2 } from "lucide-react";
import { type Backup, backupFile } from "@/api/backups";
import { download } from "@/api/exports";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { cx } from "@/components/cx";
import { IconButton } from "@/components/IconButton";
import { Moment } from "@/components/Moment";
import { Spinner } from "@/components/Spinner";
import { TD, TH, TR } from "@/components/table-classes";
import { formatBytes } from "@/format/bytes";

interface BackupsListProps {
  backups: Backup[];
  onRestore: (backup: Backup) => void;
  onDelete: (backup: Backup) => void;
}

export function BackupsList({ backups, onRestore, onDelete }: BackupsListProps) {
  return (
    <table aria-label="Backups, newest first" className="w-full border-collapse">
      <thead>
        <tr>
          <th scope="col" className={TH}>
            Name
          </th>
          <th scope="col" className={cx(TH, "max-sm:hidden")}>
            State
          </th>
          <th scope="col" className={cx(TH, "text-right max-md:hidden")}>
            Size
          </th>
          <th scope="col" className={cx(TH, "text-right max-sm:hidden")}>
            Made
          </th>
          <th scope="col" className={TH}>
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {backups.map((backup) => (
          <BackupRow key={backup.id} backup={backup} onRestore={() => onRestore(backup)} onDelete={() => onDelete(backup)} />
        ))}
      </tbody>
    </table>
  );
}

function BackupRow({ backup, onRestore, onDelete }: { backup: Backup; onRestore: () => void; onDelete: () => void }) {
  const complete = backup.status === "completed";
  return (
    <tr className={TR}>
      <td className={cx(TD, "py-1.5")}>
        <span className="font-medium wrap-anywhere">{backup.name}</span>
        {backup.problem !== null && <span className="text-bad block text-xs wrap-anywhere">{backup.problem}</span>}
        <span className="mt-0.5 flex items-center gap-2 text-xs sm:hidden">
          <State backup={backup} />
          <span className="text-muted">
            <Moment at={backup.createdAt} />
          </span>
        </span>
      </td>
      <td className={cx(TD, "max-sm:hidden")}>
        <State backup={backup} />
      </td>
      <td className={cx(TD, "tnum text-right whitespace-nowrap max-md:hidden")}>
        {backup.sizeBytes === null ? <span className="text-faint">–</span> : formatBytes(backup.sizeBytes)}
      </td>
      <td className={cx(TD, "text-muted tnum text-right whitespace-nowrap max-sm:hidden")}>
        <Moment at={backup.createdAt} />
      </td>
      <td className={cx(TD, "w-px")}>
        <span className="flex items-center justify-end gap-1">
          {complete && (
            <>
              <Button onClick={onRestore} aria-label={`Restore ${backup.name}`} className="max-sm:px-2">
                <RotateCcw aria-hidden /> <span className="max-sm:hidden">Restore</span>
              </Button>
              <IconButton label={`Download ${backup.name}`} onClick={() => download(backupFile(backup.id))}>
                <Download />
              </IconButton>
            </>
          )}
          <IconButton label={`Delete ${backup.name}`} disabled={backup.status === "running"} onClick={onDelete} className="hover:text-bad">
            <Trash2 />
          </IconButton>
        </span>
      </td>
    </tr>
  );
}

function State({ backup }: { backup: Backup }) {
  if (backup.status === "running") {
    return (
      <Badge tone="info">
        <Spinner /> being made
      </Badge>
    );
  }
  return backup.status === "failed" ? <Badge tone="bad">failed</Badge> : <Badge tone="ok">complete</Badge>;
}
