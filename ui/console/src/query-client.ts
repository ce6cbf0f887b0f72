import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // Only what may pass by itself is asked again; a refusal stays a refusal.
        retry: (failures, error) => failures < 1 && error instanceof ApiError && error.temporary && error.status !== 429,
        retryDelay: 600,
      },
    },
  });
}
