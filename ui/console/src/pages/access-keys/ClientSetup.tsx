import { Tabs } from "radix-ui";
import { useState } from "react";
import type { MadeKey } from "@/api/access-keys";
import { CodeBlock } from "@/components/CodeBlock";
import { TabList } from "@/components/TabList";
import { setupFor } from "@/pages/access-keys/setup";

/** Configurations to copy; they hold the secret only while it is shown above. */
export function ClientSetup({ endpoint, region, made }: { endpoint: string; region: string; made: MadeKey | undefined }) {
  const clients = setupFor({
    endpoint,
    region,
    id: made?.accessKeyId ?? "ACCESS_KEY_ID",
    secret: made?.secretAccessKey ?? "SECRET_ACCESS_KEY",
  });
  const [chosen, setChosen] = useState(clients[0]?.name ?? "");
  return (
    <section aria-labelledby="client-setup">
      <h2 id="client-setup" className="mb-1 text-base font-semibold">
        Use it
      </h2>
      <p className="text-muted mb-3 wrap-anywhere">
        The gateway is at <code className="font-mono text-xs">{endpoint}</code>, region <code className="font-mono text-xs">{region}</code>, with the
        bucket in the path.
      </p>
      <Tabs.Root value={chosen} onValueChange={setChosen}>
        <TabList label="Clients" tabs={clients.map(({ name }) => ({ value: name, label: name }))} className="mb-3" />
        {clients.map(({ name, files }) => (
          <Tabs.Content key={name} value={name} className="flex flex-col gap-3">
            {files.map(({ title, code }) => (
              <div key={title}>
                <p className="text-muted mb-1">{title}</p>
                <CodeBlock code={code} label={`${name}: ${title}`} />
              </div>
            ))}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}
