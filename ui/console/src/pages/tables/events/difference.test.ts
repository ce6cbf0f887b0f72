import { expect, it } from "vitest";
import { differencesOf } from "@/pages/tables/events/difference";

it("shows what an update changed before what it left", () => {
  const told = differencesOf({ old: { id: 1, a: { x: 1 }, b: 2 }, new: { id: 1, a: { x: 1 }, b: 3 } });
  expect(told.map(({ column, changed }) => [column, changed])).toEqual([
    ["b", true],
    ["id", false],
    ["a", false],
  ]);
});

it("shows all of a row that came or went", () => {
  expect(differencesOf({ old: null, new: { id: 1 } })).toEqual([{ column: "id", old: undefined, new: 1, changed: true }]);
  expect(differencesOf({ old: { id: 1 }, new: null })[0]).toMatchObject({ old: 1, new: undefined, changed: true });
  expect(differencesOf({ old: null, new: null })).toEqual([]);
});
