import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, Plus } from "lucide-react";
import { useState } from "react";
import { type Backup, backupsQuery, deleteBackup, restoreBackup } from "@/api/backups";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { EmptyState } from "@/components/EmptyState";
import { ErrorState } from "@/components/ErrorState";
import { PageHeader } from "@/components/PageHeader";
import { SkeletonRows } from "@/components/SkeletonRows";
import { toast } from "@/components/toasts";
import { plural } from "@/format/number";
import { formatMoment } from "@/format/time";
import { useShortcuts } from "@/keyboard/shortcuts";
import { BackupsList } from "@/pages/backups/BackupsList";
import { NewBackupDialog } from "@/pages/backups/NewBackupDialog";

/** What must be typed before a backup takes the place of the tables. */
const WORD = "restore";

export function BackupsPage() {
  const queryClient = useQueryClient();
  const backups = useQuery(backupsQuery);
  const [making, setMaking] = useState(false);
  const [asked, setAsked] = useState<{ kind: "restore" | "delete"; backup: Backup }>();
  const running = backups.data?.some(({ status }) => status === "running") ?? false;
  useShortcuts({ n: () => setMaking(true) });
  const create = (
    <Button variant="primary" onClick={() => setMaking(true)} disabled={running}>
      <Plus aria-hidden /> New backup
    </Button>
  );
  const close = (open: boolean): void => {
    if (!open) setAsked(undefined);
  };
  return (
    <>
      <PageHeader
        title="Backups"
        detail={backups.data && <span className="tnum">{plural(backups.data.length, "backup")}</span>}
        actions={create}
      />
      <div className="thin-scroll min-h-0 flex-1 overflow-auto">
        {backups.isPending ? (
          <SkeletonRows label="Loading the backups" />
        ) : backups.isError ? (
          <ErrorState title="The backups could not be read" error={backups.error} onRetry={() => void backups.refetch()} />
        ) : backups.data.length === 0 ? (
          <EmptyState icon={Archive} title="No backups yet" actions={create}>
            A backup holds every table with its rows, policies and migrations as of one moment. Make one before a change that you may want
            to take back.
          </EmptyState>
        ) : (
          <>
            <BackupsList
              backups={backups.data}
              onRestore={(backup) => setAsked({ kind: "restore", backup })}
              onDelete={(backup) => setAsked({ kind: "delete", backup })}
            />
            <p className="text-muted max-w-3xl px-4 py-4 text-xs sm:px-6">
              Accounts, sessions, keys and files are not in a backup. It lies on the same disk as the data: download it and keep it
              elsewhere, too.
            </p>
          </>
        )}
      </div>
      <NewBackupDialog open={making} onOpenChange={setMaking} />
      <ConfirmDialog
        open={asked?.kind === "restore"}
        onOpenChange={close}
        title={`Restore ${asked?.backup.name ?? ""}?`}
        action="Restore"
        typeToConfirm={WORD}
        onConfirm={async () => {
          if (!asked) return;
          await restoreBackup(asked.backup.id);
          toast("ok", `The tables are as they were in ${asked.backup.name}.`);
          // Whatever the console shows of the data may be another now.
          await queryClient.invalidateQueries();
        }}
      >
        Every table, row and policy becomes what it was on {formatMoment(asked?.backup.createdAt ?? "")}. What came after it is gone:
        rows, columns and whole tables. Accounts and files stay. If you may want today&apos;s state back, make a backup of it first.
      </ConfirmDialog>
      <ConfirmDialog
        open={asked?.kind === "delete"}
        onOpenChange={close}
        title={`Delete ${asked?.backup.name ?? ""}?`}
        action="Delete backup"
        onConfirm={async () => {
          if (!asked) return;
          await deleteBackup(asked.backup.id);
          toast("ok", `${asked.backup.name} is deleted.`);
          await queryClient.invalidateQueries({ queryKey: backupsQuery.queryKey });
        }}
      >
        Its file is gone for good. The tables stay as they are.
      </ConfirmDialog>
    </>
  );
}
