import { useQuery } from "@tanstack/react-query";
import { Tabs } from "radix-ui";
import { keysQuery } from "@/api/keys";
import { CodeBlock } from "@/components/CodeBlock";
import { TabList } from "@/components/TabList";
import { connectExamples } from "@/pages/overview/connect-examples";

export function Connect({ address }: { address: string }) {
  const anonKey = useQuery(keysQuery).data?.anonKey ?? "<anon key>";
  const examples = connectExamples(address, anonKey);
  return (
    <section aria-labelledby="connect" className="min-w-0">
      <h2 id="connect" className="mb-2 text-base font-semibold">
        Connect
      </h2>
      <Tabs.Root defaultValue={examples[0]?.id ?? ""}>
        <TabList label="Client" tabs={examples.map(({ id, label }) => ({ value: id, label }))} />
        {examples.map((example) => (
          <Tabs.Content key={example.id} value={example.id} className="mt-3">
            <CodeBlock code={example.code} label={`${example.label} example`} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}
