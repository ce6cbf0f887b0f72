import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { messageOf } from "@/api/client";
import { type Bucket, bucketsQuery, setBucketPublic } from "@/api/buckets";
import { Switch } from "@/components/Switch";
import { toast } from "@/components/toasts";

export function PublicSwitch({ bucket }: { bucket: Bucket }) {
  const id = useId();
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (isPublic: boolean) => setBucketPublic(bucket.name, isPublic),
    onSuccess: async (_, isPublic) => {
      toast("ok", isPublic ? "Anyone with an address can read these files now." : "These files are private now.");
      await queryClient.invalidateQueries({ queryKey: bucketsQuery.queryKey });
    },
    onError: (error) => toast("bad", messageOf(error)),
  });
  return (
    <span className="flex items-center gap-2">
      <Switch
        id={id}
        checked={change.isPending ? change.variables : bucket.public}
        disabled={change.isPending}
        onCheckedChange={(checked) => change.mutate(checked)}
      />
      <label htmlFor={id}>Public</label>
    </span>
  );
}
