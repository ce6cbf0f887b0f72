interface Example {
  id: string;
  label: string;
  code: string;
}

/** The first lines of a client, ready to paste. */
export function connectExamples(address: string, anonKey: string): Example[] {
  const base = address.replace(/\/+$/, "");
  return [
    {
      id: "sdk",
      label: "@insforge/sdk",
      code: `// npm install @insforge/sdk
import { createClient } from "@insforge/sdk";

const client = createClient({
  baseUrl: "${base}",
  anonKey: "${anonKey}",
});

await client.auth.signUp({ email, password });

const { data, error } = await client.database
  .from("todos")
  .select("*")
  .eq("done", false);`,
    },
    {
      id: "curl",
      label: "curl",
      code: `curl "${base}/api/database/records/todos?limit=10" \\
  -H "Authorization: Bearer ${anonKey}"`,
    },
  ];
}
