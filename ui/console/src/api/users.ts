import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { pathOf, request } from "@/api/client";

export interface User {
  id: string;
  email: string;
  emailVerified: boolean;
  createdAt: string;
  updatedAt: string;
  providers?: string[] | null;
  profile?: Record<string, unknown> | null;
  metadata?: Record<string, unknown> | null;
}

export interface UsersPage {
  users: User[];
  total: number;
}

export function usersQuery(ask: { search: string; limit: number; offset: number }) {
  return queryOptions({
    queryKey: ["users", ask],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ limit: String(ask.limit), offset: String(ask.offset) });
      if (ask.search !== "") params.set("search", ask.search);
      return request<UsersPage>(`/users?${params}`, { signal });
    },
    placeholderData: keepPreviousData,
  });
}

export function createUser(email: string, password: string, name: string): Promise<unknown> {
  return request("/users", { method: "POST", json: name === "" ? { email, password } : { email, password, name } });
}

export function deleteUser(id: string): Promise<void> {
  return request(pathOf("users", id), { method: "DELETE" });
}
