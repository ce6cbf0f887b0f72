import { describe, expect, it } from "vitest";
import { errorFrom } from "@/api/client";
import { totalOf } from "@/api/records";
import { formatBytes } from "@/format/bytes";
import { plural } from "@/format/number";
import { formatAgo, formatDuration } from "@/format/time";
import { cellText, parseDraft } from "@/records/cell";

describe("formatting", () => {
  it("writes sizes, counts and durations", () => {
    expect(formatBytes(0)).toBe("0 B");
    expect(formatBytes(1536)).toBe("1.5 KB");
    expect(formatBytes(10 * 1024 * 1024)).toBe("10 MB");
    expect(plural(1, "row")).toBe("1 row");
    expect(plural(12345, "row")).toBe("12,345 rows");
    expect(formatDuration(93_784)).toBe("1 d 2 h");
    expect(formatDuration(0)).toBe("0 s");
  });

  it("writes how long ago", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(formatAgo("2026-11-21T11:59:58Z", now)).toBe("just now");
    expect(formatAgo("2026-11-21T11:57:00Z", now)).toMatch(/^3.*ago$/);
    expect(formatAgo("2026-11-20T12:00:00Z", now)).toBe("yesterday");
    expect(formatAgo("not a date", now)).toBe("not a date");
  });
});

describe("cells", () => {
  const column = (type: string, isNullable = true) => ({ columnName: "c", type, isNullable });

  it("shows objects as JSON and nothing for no value", () => {
    expect(cellText({ a: 1 })).toBe('{"a":1}');
    expect(cellText(null)).toBe("");
    expect(cellText(false)).toBe("false");
  });

  it("reads what was typed by the column's type", () => {
    expect(parseDraft("42", column("integer"))).toEqual({ ok: true, value: 42 });
    expect(parseDraft("9007199254740993", column("integer"))).toEqual({ ok: true, value: "9007199254740993" });
    expect(parseDraft("4.5", column("integer")).ok).toBe(false);
    expect(parseDraft("", column("integer"))).toEqual({ ok: true, value: null });
    expect(parseDraft("", column("integer", false)).ok).toBe(false);
    expect(parseDraft("", column("string"))).toEqual({ ok: true, value: "" });
    expect(parseDraft('{"a":[1]}', column("json"))).toEqual({ ok: true, value: { a: [1] } });
    expect(parseDraft("{a}", column("json")).ok).toBe(false);
  });
});

describe("answers", () => {
  it("reads the total of a content range", () => {
    expect(totalOf("0-49/1234", 50)).toBe(1234);
    expect(totalOf("*/0", 9)).toBe(0);
    expect(totalOf("0-49/*", 50)).toBe(50);
    expect(totalOf(null, 3)).toBe(3);
  });

  it("reads both error shapes and survives neither", () => {
    const own = errorFrom(409, '{"error":{"code":"x.taken","message":"Taken","field":"name","requestId":"r1"}}');
    expect(own).toMatchObject({ status: 409, code: "x.taken", message: "Taken", field: "name", requestId: "r1" });
    const postgrest = errorFrom(400, '{"code":"22P02","message":"bad","details":"row 1","hint":"h"}');
    expect(postgrest).toMatchObject({ code: "22P02", message: "bad (row 1)", hint: "h" });
    expect(errorFrom(502, "<html>").message).toMatch(/502/);
    expect(errorFrom(429, "{}", "7").retryAfterSeconds).toBe(7);
  });
});
