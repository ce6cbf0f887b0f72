import { readFileSync } from "node:fs";
import path from "node:path";
import { eventually, expect } from "./checks.mjs";
import { tourEvents } from "./events.mjs";
import { look } from "./look.mjs";
import { tourPolicies, tourRelations } from "./structure.mjs";

/** The exact total below the grid. */
function totalShown(page) {
  return page
    .getByRole("navigation", { name: "Pages", exact: true })
    .innerText()
    .then((text) => Number(/of ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", "")));
}

/** Counts a file's records without the console's own code. */
export function countRecords(file) {
  const text = readFileSync(file, "utf8");
  if (file.endsWith(".json")) return JSON.parse(text).length;
  let quoted = false;
  let lines = 0;
  let filled = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === "\n" && !quoted) {
      if (filled) lines += 1;
      filled = false;
    } else if (character !== "\r") filled = true;
  }
  return lines + (filled ? 1 : 0) - 1;
}

/** Removes what an earlier tour left, by the same dialog a person would use. */
export async function removeTable(tour, name) {
  const { page } = tour;
  await tour.open("/tables");
  if ((await page.getByRole("link", { name, exact: true }).count()) === 0) return;
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete table" }).click();
  await page.getByLabel(/to confirm/).fill(name);
  await page.getByRole("button", { name: "Delete table" }).click();
  await page.getByRole("heading", { name: "Tables", exact: true }).waitFor();
}

/** Imports a file into a table of its own and compares the total with an independent count. */
export async function importFile(checks, tour, file, { pictureName } = {}) {
  const { page } = tour;
  const name = path.basename(file).replace(/\.[^.]*$/, "");
  await checks.run(`import: ${path.basename(file)} becomes a table`, async () => {
    await removeTable(tour, name);
    await tour.open("/tables");
    await page.getByRole("button", { name: "Import file" }).first().click();
    await page.locator('input[type="file"]').setInputFiles(file);
    await page.getByLabel("Table", { exact: true }).waitFor();
    if (pictureName) await look(checks, tour, pictureName);
    await page.getByRole("button", { name: /Create table and import/ }).click();
    await page.getByRole("button", { name: "Open the table" }).click({ timeout: 120_000 });
    await tour.settle();
    await eventually(() => totalShown(page), countRecords(file), "rows in the table");
  });
}

/** What is no table is offered as none; a row that is refused is named with its column. */
async function tourBrokenImports(checks, tour) {
  const { page } = tour;
  const choose = async (name, text) => {
    await tour.open("/tables");
    await page.getByRole("button", { name: "Import file" }).first().click();
    await page.locator('input[type="file"]').setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  };
  await checks.run("import: a broken CSV says where it breaks, and offers no table", async () => {
    await choose("broken.csv", 'a,b\n1,2\n"3,4\n5,6\n');
    await page.getByText("Row 3 opens a quotation mark").waitFor();
    expect(await page.getByRole("button", { name: /Create table and import/ }).isDisabled(), "a table is offered");
    await choose("empty.csv", "\u0000\u0001\u0002");
    await page.getByText("not a text file").waitFor();
  });
  tour.expectedComplaints.push(/status of 400 .*\/records\/measures$/);
  await checks.run("import: the first refused row is named with its column, and the others are stored", async () => {
    await removeTable(tour, "measures");
    await choose("measures.csv", "place,value\nOslo,4\nBergen,five\nBodø,6\n");
    await page.getByLabel("Type for value").selectOption("integer");
    await page.getByRole("button", { name: /Create table and import/ }).click();
    await page.getByText("2 rows imported, 1 row refused").waitFor();
    const refused = page.getByRole("region", { name: "Refused rows" }).locator("tbody tr");
    expect(/^3\s+value/.test(await refused.innerText()), await refused.innerText());
  });
  await look(checks, tour, "import-refused");
  await checks.run("import: the table holds what was stored", async () => {
    await page.getByRole("button", { name: "Open the table" }).click();
    await tour.settle();
    await eventually(() => totalShown(page), 2, "rows");
    await removeTable(tour, "measures");
  });
}

export async function tourTables(checks, tour, csv) {
  const { page } = tour;
  await checks.run("tables: a table is created with columns", async () => {
    await removeTable(tour, "deliveries");
    await tour.open("/tables");
    await page.getByRole("button", { name: "New table" }).first().click();
    await page.getByLabel("Name", { exact: true }).fill("deliveries");
    await page.getByLabel("Name of column 1").fill("customer");
    const columns = [
      ["crates", "integer"],
      ["temperature", "float"],
      ["delivered", "boolean"],
    ];
    for (const [index, [column, type]] of columns.entries()) {
      await page.getByRole("button", { name: "Add column" }).click();
      await page.getByLabel(`Name of column ${index + 2}`).fill(column);
      await page.getByLabel(`Type of column ${index + 2}`).selectOption(type);
    }
  });
  await look(checks, tour, "table-new");
  await checks.run("tables: the new table opens, empty", async () => {
    await page.getByRole("button", { name: "Create table" }).click();
    await page.getByText("No rows yet").waitFor();
    await eventually(() => totalShown(page), 0, "rows");
  });
  await checks.run("tables: rows are inserted with the form", async () => {
    const rows = [
      ["Nordic Cold Logistics", "12", "-18.5", "true"],
      ["Åkerblom & Sons", "7", "2.25", "false"],
      ["Luna Pharma", "40", "4", "true"],
    ];
    for (const [customer, crates, temperature, delivered] of rows) {
      await page.getByRole("button", { name: "Insert row" }).first().click();
      const form = page.getByRole("dialog");
      await form.getByLabel(/^customer/).fill(customer);
      await form.getByLabel(/^crates/).fill(crates);
      await form.getByLabel(/^temperature/).fill(temperature);
      await form.getByLabel(/^delivered/).selectOption(delivered);
      await form.getByRole("button", { name: "Insert row" }).click();
      await form.waitFor({ state: "detached" });
    }
    await eventually(() => totalShown(page), 3, "rows");
  });
  await checks.run("tables: a cell is edited from the keyboard and stays", async () => {
    await page.getByRole("gridcell", { name: "Luna Pharma" }).click();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByLabel("Edit crates").fill("41");
    await page.keyboard.press("Enter");
    await page.getByRole("gridcell", { name: "41", exact: true }).waitFor();
    await page.reload();
    await page.getByRole("gridcell", { name: "41", exact: true }).waitFor();
  });
  await checks.run("tables: a value of the wrong type is refused where it was typed", async () => {
    await page.getByRole("gridcell", { name: "41", exact: true }).dblclick();
    await page.getByLabel("Edit crates").fill("many");
    await page.keyboard.press("Enter");
    await page.getByText("Type a whole number.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("gridcell", { name: "41", exact: true }).waitFor();
  });
  await checks.run("tables: selected rows are deleted", async () => {
    await page.getByRole("gridcell", { name: "Luna Pharma" }).click();
    await page.keyboard.press("Space");
    await page.keyboard.press("Delete");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete 1 row" }).click();
    await eventually(() => totalShown(page), 2, "rows");
  });
  await checks.run("tables: a column is added, renamed and dropped", async () => {
    await page.getByRole("tab", { name: "Structure" }).click();
    await page.getByRole("button", { name: "Add column" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("remark");
    await page.getByRole("dialog").getByRole("button", { name: "Add column" }).click();
    await page.getByRole("button", { name: "Rename remark" }).click();
    await page.getByLabel("New name").fill("note");
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await page.getByRole("button", { name: "Drop note" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Drop column" }).click();
    await page.getByRole("button", { name: "Drop note" }).waitFor({ state: "detached" });
  });
  await look(checks, tour, "table-structure");
  await tourPolicies(checks, tour);
  await tourEvents(checks, tour);

  await tourRelations(checks, tour);

  await tourBrokenImports(checks, tour);
  await importFile(checks, tour, csv, { pictureName: "table-import" });
  await checks.run("grid: a filter and a sort give the counted rows, and survive a reload", async () => {
    const wanted = readFileSync(csv, "utf8").split("\n").filter((line) => line.split(",").at(-4) === "TX").length;
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByLabel("Column", { exact: true }).selectOption("state");
    await page.getByLabel("Comparison").selectOption("eq");
    await page.getByLabel("Value", { exact: true }).fill("TX");
    await page.getByRole("button", { name: "Apply" }).click();
    await eventually(() => totalShown(page), wanted, "rows in TX");
    await page.getByRole("button", { name: /^city/ }).click();
    await page.waitForFunction(() => document.querySelector('th[aria-sort="ascending"]'));
    await page.reload();
    await tour.settle();
    await eventually(() => totalShown(page), wanted, "rows in TX after a reload");
    await page.getByRole("button", { name: "Remove the filter on state" }).click();
    await eventually(() => totalShown(page), countRecords(csv), "rows without the filter");
  });
  await look(checks, tour, "table-data");
  await checks.run("grid: the next page starts where the first ended", async () => {
    await page.getByRole("button", { name: "Next page" }).click();
    await eventually(async () => /51–/.test(await page.getByRole("navigation", { name: "Pages", exact: true }).innerText()), true, "second page");
  });
  await tour.open("/tables");
  await look(checks, tour, "tables");
  await checks.run("tables: both tables are listed", async () => {
    for (const name of ["airports", "deliveries"]) {
      expect((await page.getByRole("link", { name, exact: true }).count()) === 1, `${name} is missing`);
    }
  });
}
