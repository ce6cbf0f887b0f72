import { queryOptions } from "@tanstack/react-query";
import { request } from "@/api/client";

export type NeedState = "up" | "down" | "off";

export interface Need {
  need: string;
  provider: string;
  embedded: boolean;
  state: NeedState;
  detail: string;
  variables: string[];
}

export interface Overview {
  product: string;
  version: string;
  mode: string;
  startedAt: string;
  uptimeSeconds: number;
  address: string;
  counts: { users: number; tables: number; buckets: number; objects: number; mails: number };
  needs: Need[];
}

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => request<Overview>("/overview", { signal }),
  refetchInterval: 15_000,
});
