import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";

export interface Keys {
  anonKey: string;
  apiKeyHint: string;
}

export const keysQuery = queryOptions({
  queryKey: ["keys"],
  queryFn: ({ signal }) => request<Keys>("/keys", { signal }),
});

/** Asks for the secret key itself; the answer is never cached. */
export async function revealApiKey(): Promise<string> {
  const answer = await request<{ apiKey: string }>("/keys/api-key/reveal", { method: "POST" });
  return answer.apiKey;
}
