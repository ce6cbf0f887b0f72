import type { User } from "@/api/users";

/** The name a person gave, if any. */
export function displayName(user: User): string {
  const name = user.profile?.["name"];
  return typeof name === "string" ? name : "";
}
