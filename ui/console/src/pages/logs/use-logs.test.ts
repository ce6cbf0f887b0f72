import { describe, expect, it } from "vitest";
import type { LogEntry } from "@/api/logs";
import { merge } from "@/pages/logs/use-logs";

const entry = (id: number): LogEntry => ({ id, at: "", level: "info", target: "", message: "" });

describe("merge", () => {
  it("keeps order and drops doubles", () => {
    const joined = merge([5, 4, 3].map(entry), [4, 3, 2, 1].map(entry));
    expect(joined.map(({ id }) => id)).toEqual([5, 4, 3, 2, 1]);
  });
});
