import { queryOptions } from "@tanstack/react-query";
import { ApiError, request } from "@/api/client";

export interface Session {
  admin: { email: string };
}

/** Who is signed in; `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await request<Session>("/session", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function signIn(email: string, password: string): Promise<Session> {
  return request<Session>("/session", { method: "POST", json: { email, password } });
}

export function signOut(): Promise<void> {
  return request<void>("/session", { method: "DELETE" });
}
