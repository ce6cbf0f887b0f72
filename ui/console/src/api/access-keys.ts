import { queryOptions } from "@tanstack/react-query";
import { pathOf, request } from "@/api/client";

export interface AccessKey {
  id: string;
  accessKeyId: string;
  description: string | null;
  createdAt: string;
  lastUsedAt: string | null;
}

/** A key as it was made; its secret is told this once. */
export interface MadeKey extends AccessKey {
  secretAccessKey: string;
}

export interface AccessKeys {
  keys: AccessKey[];
  /** Where S3 clients find the gateway; none where the app that serves it does not run. */
  endpoint: string | null;
  region: string;
}

export const accessKeysQuery = queryOptions({
  queryKey: ["access-keys"],
  queryFn: async ({ signal }): Promise<AccessKeys> => {
    const told = await request<AccessKeys>("/access-keys", { signal });
    // The server may say a path at this page's own address.
    return { ...told, endpoint: told.endpoint === null ? null : new URL(told.endpoint, location.href).href };
  },
});

export function createAccessKey(description: string): Promise<MadeKey> {
  return request<MadeKey>("/access-keys", { method: "POST", json: { description } });
}

export function revokeAccessKey(id: string): Promise<void> {
  return request(pathOf("access-keys", id), { method: "DELETE" });
}
