import { queryOptions } from "@tanstack/react-query";
import { pathOf, request } from "@/api/client";
import type { NewPolicy, Policy } from "@/api/tables";

/** Who may reach which file, where policies say so. */
export interface StoragePolicies {
  policies: Policy[];
  /** Whether they count: without any, or switched off by SQL, people reach what they uploaded. */
  inForce: boolean;
}

export const storagePoliciesQuery = queryOptions({
  queryKey: ["storage-policies"],
  queryFn: ({ signal }) => request<StoragePolicies>("/storage/policies", { signal }),
});

/** Makes a policy, in the place of the old one where there is one. */
export function saveStoragePolicy(policy: NewPolicy, old: string | undefined): Promise<unknown> {
  return old === undefined
    ? request("/storage/policies", { method: "POST", json: policy })
    : request(pathOf("storage", "policies", old), { method: "PUT", json: policy });
}

export function dropStoragePolicy(name: string): Promise<void> {
  return request(pathOf("storage", "policies", name), { method: "DELETE" });
}
