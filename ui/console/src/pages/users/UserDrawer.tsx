import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { deleteUser, type User } from "@/api/users";
import { Badge } from "@/components/Badge";
import { Button } from "@/components/Button";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { CopyButton } from "@/components/CopyButton";
import { Dialog } from "@/components/Dialog";
import { Facts } from "@/components/Facts";
import { JsonBlock } from "@/components/JsonBlock";
import { toast } from "@/components/toasts";
import { formatMoment } from "@/format/time";
import { displayName } from "@/pages/users/display-name";

export function UserDrawer({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [confirming, setConfirming] = useState(false);
  // The last person stays visible while the drawer closes.
  const [shown, setShown] = useState(user);
  useEffect(() => {
    if (user) setShown(user);
  }, [user]);
  if (!shown) return null;

  const remove = async (): Promise<void> => {
    await deleteUser(shown.id);
    toast("ok", `${shown.email} is deleted.`);
    onClose();
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ["users"] }),
      queryClient.invalidateQueries({ queryKey: ["overview"] }),
    ]);
  };
  return (
    <>
      <Dialog
        open={user !== undefined}
        onOpenChange={(open) => !open && onClose()}
        title={shown.email}
        description={displayName(shown) || undefined}
        size="drawer"
        footer={
          <Button variant="danger-quiet" onClick={() => setConfirming(true)} className="mr-auto">
            <Trash2 aria-hidden /> Delete user
          </Button>
        }
      >
        <Facts
          facts={[
            [
              "Id",
              <span key="id" className="flex items-center gap-1">
                <code className="truncate font-mono text-xs">{shown.id}</code>
                <CopyButton text={shown.id} label="Copy the id" />
              </span>,
            ],
            ["E-mail", shown.emailVerified ? <Badge tone="ok">verified</Badge> : <Badge tone="warn">not verified</Badge>],
            ["Signs in with", (shown.providers ?? []).join(", ") || "nothing yet"],
            ["Joined", formatMoment(shown.createdAt)],
            ["Changed", formatMoment(shown.updatedAt)],
          ]}
        />
        <h3 className="mt-5 mb-1.5 font-medium">Profile</h3>
        <JsonBlock value={shown.profile ?? {}} label="Profile" />
        <h3 className="mt-5 mb-1.5 font-medium">Metadata</h3>
        <JsonBlock value={shown.metadata ?? {}} label="Metadata" />
      </Dialog>
      <ConfirmDialog open={confirming} onOpenChange={setConfirming} title="Delete this user?" action="Delete user" onConfirm={remove}>
        {shown.email} is signed out everywhere and cannot sign in again. Rows and files they own stay.
      </ConfirmDialog>
    </>
  );
}
