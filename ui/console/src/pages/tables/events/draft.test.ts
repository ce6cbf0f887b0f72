import { describe, expect, it } from "vitest";
import type { Publication } from "@/api/change-events";
import { differs, draftOf, problemsOf, publicationOf, withEvent } from "@/pages/tables/events/draft";

const SAVED: Publication = {
  events: ["UPDATE"],
  columns: ["status"],
  condition: "status = 'paid'",
  channel: null,
  webhookUrl: "https://example.org/hook",
  recording: true,
  createdAt: "2026-11-21T12:00:00Z",
};

describe("a draft of change events", () => {
  it("is off without a publication, and switches add kinds in their order", () => {
    const off = draftOf(null, "orders");
    expect(publicationOf(off)).toBeUndefined();
    expect(differs(off, null, "orders")).toBe(false);
    const on = withEvent(withEvent(off, "DELETE", true), "INSERT", true);
    expect(publicationOf(on)).toEqual({ events: ["INSERT", "DELETE"], channel: "table:orders" });
    expect(differs(on, null, "orders")).toBe(true);
  });

  it("says what was saved, and nothing else", () => {
    const draft = draftOf(SAVED, "orders");
    expect(differs(draft, SAVED, "orders")).toBe(false);
    expect(publicationOf(draft)).toEqual({
      events: ["UPDATE"],
      columns: ["status"],
      condition: "status = 'paid'",
      webhookUrl: "https://example.org/hook",
    });
    expect(publicationOf(withEvent(draft, "UPDATE", false))).toBeUndefined();
  });

  it("needs somewhere to go, and a place that can be", () => {
    const draft = draftOf(SAVED, "orders");
    expect(problemsOf(draft)).toEqual({});
    expect(problemsOf({ ...draft, toWebhook: false })).toHaveProperty("to");
    for (const bad of ["", "example.org", "https://", "ftp://a", "https://a b", "https://u:p@a", "https://:80/"]) {
      expect(problemsOf({ ...draft, webhookUrl: bad }), bad).toHaveProperty("webhookUrl");
    }
    expect(problemsOf({ ...draft, toChannel: true, channel: "a b" })).toHaveProperty("channel");
    expect(problemsOf({ ...draft, columns: [] })).toHaveProperty("columns");
    expect(problemsOf({ ...draft, events: [], columns: [] })).toEqual({});
  });
});
