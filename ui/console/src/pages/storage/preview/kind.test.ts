import { describe, expect, it } from "vitest";
import { previewKind } from "@/pages/storage/preview/kind";

describe("previewKind", () => {
  it("goes by the stored type", () => {
    expect(previewKind("a", "image/png")).toBe("image");
    expect(previewKind("a.html", "application/pdf")).toBe("pdf");
    expect(previewKind("a", "application/geo+json")).toBe("json");
    expect(previewKind("a", "text/csv; charset=utf-8")).toBe("text");
  });

  it("shows what could act only as its source, and what it does not know not at all", () => {
    expect(previewKind("logo.svg", "image/svg+xml")).toBe("text");
    expect(previewKind("page.html", "application/octet-stream")).toBe("text");
    expect(previewKind("data.bin", null)).toBe("none");
  });
});
