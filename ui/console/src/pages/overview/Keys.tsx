import { useMutation, useQuery } from "@tanstack/react-query";
import { Eye, EyeOff } from "lucide-react";
import { keysQuery, revealApiKey } from "@/api/keys";
import { messageOf } from "@/api/client";
import { IconButton } from "@/components/IconButton";
import { Notice } from "@/components/Notice";
import { Skeleton } from "@/components/Skeleton";
import { KeyRow } from "@/pages/overview/KeyRow";

export function Keys() {
  const keys = useQuery(keysQuery);
  const reveal = useMutation({ mutationFn: revealApiKey, gcTime: 0 });
  return (
    <section aria-labelledby="keys">
      <h2 id="keys" className="mb-2 text-base font-semibold">
        Keys
      </h2>
      <div className="border-line bg-panel divide-line divide-y rounded-lg border">
        {keys.isError && <Notice tone="bad">{messageOf(keys.error)}</Notice>}
        {keys.isPending && <Skeleton className="m-4 h-4 w-3/4" />}
        {keys.data && (
          <>
            <KeyRow name="Anon key" note="For browsers and apps. Policies decide what it may do." value={keys.data.anonKey} />
            <KeyRow
              name="API key"
              note="For servers only. It passes every policy."
              value={reveal.data}
              hint={keys.data.apiKeyHint}
              action={
                reveal.data ? (
                  <IconButton label="Hide the API key" onClick={() => reveal.reset()}>
                    <EyeOff />
                  </IconButton>
                ) : (
                  <IconButton label="Show the API key" disabled={reveal.isPending} onClick={() => reveal.mutate()}>
                    <Eye />
                  </IconButton>
                )
              }
            />
            {reveal.isError && <Notice tone="bad">{messageOf(reveal.error)}</Notice>}
          </>
        )}
      </div>
    </section>
  );
}
