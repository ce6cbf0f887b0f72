import { describe, expect, it } from "vitest";
import { columnsOf } from "@/pages/tables/indexes/columns";

describe("columnsOf", () => {
  it("reads both databases' spelling", () => {
    expect(columnsOf('CREATE INDEX "i" ON "t" ("a", "b ""c""")')).toEqual(["a", 'b "c"']);
    expect(columnsOf("CREATE UNIQUE INDEX i ON public.t USING btree (a, lower(b))")).toEqual(["a", "lower(b)"]);
    expect(columnsOf("CREATE INDEX i ON public.t USING btree (a) WHERE (b > 0)")).toEqual(["a"]);
  });
});
