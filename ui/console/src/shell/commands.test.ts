import { Table2 } from "lucide-react";
import { describe, expect, it } from "vitest";
import { type Command, score, search } from "@/shell/commands";

function command(label: string): Command {
  return { id: label, group: "Tables", label, icon: Table2, run: () => undefined };
}

describe("the palette's search", () => {
  it("prefers beginnings, then words, then parts, then scattered letters", () => {
    const labels = ["reports", "my_ports", "airports", "pair of orbits", "ports"];
    const found = search(labels.map(command), "ports").map((entry) => entry.label);
    expect(found.slice(0, 2)).toEqual(["ports", "my_ports"]);
    expect(found).toContain("airports");
  });

  it("finds nothing where letters are missing and everything for nothing", () => {
    expect(score("Users", "xyz")).toBe(0);
    expect(search([command("a"), command("b")], " ")).toHaveLength(2);
  });
});
