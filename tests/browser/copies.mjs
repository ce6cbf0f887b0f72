import { readFileSync } from "node:fs";
import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";
import { countRecords, removeTable } from "./tables.mjs";

/** Tables out as files, one by one and together. */
export async function tourExports(checks, tour, csv) {
  const { page } = tour;
  const take = async (item) => {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: item }).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  await checks.run("export: a table as CSV, JSON and SQL has every row", async () => {
    await tour.open("/tables/airports");
    const rows = countRecords(csv);
    const asCsv = await take("CSV");
    expect(asCsv.name === "airports.csv", asCsv.name);
    expect(asCsv.bytes.toString().trimEnd().split("\n").length === rows + 1, "rows are missing in the CSV");
    expect(JSON.parse((await take("JSON")).bytes).length === rows, "rows are missing in the JSON");
    const sql = (await take(/^SQL/)).bytes.toString();
    expect(/CREATE TABLE/.test(sql) && /INSERT INTO/.test(sql), "the SQL makes no table");
  });
  await checks.run("export: all tables leave together", async () => {
    await tour.open("/tables");
    const json = await take("JSON");
    expect(/^tables-\d{4}-\d\d-\d\d\.json$/.test(json.name), json.name);
    expect(["airports", "deliveries"].every((name) => Array.isArray(JSON.parse(json.bytes)[name])), "a table is missing");
    const zip = (await take(/ZIP/)).bytes;
    expect(zip.subarray(0, 2).toString() === "PK" && zip.includes("airports.csv") && zip.includes("deliveries.csv"), "not a ZIP of both tables");
    await page.getByRole("button", { name: "Export" }).click();
  });
  await look(checks, tour, "tables-export");
  await page.keyboard.press("Escape");
}

/** Making a backup, losing a table, and having it again. */
export async function tourBackups(checks, tour) {
  const { page } = tour;
  const name = `tour ${Date.now().toString(36)}`;
  const row = page.getByRole("row", { name: new RegExp(name) });
  await checks.run("backups: one is made, and the list says when it is complete", async () => {
    await tour.open("/backups");
    await page.getByRole("button", { name: "New backup" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill(name);
    await form.getByRole("button", { name: "Make backup" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("button", { name: `Restore ${name}` }).waitFor({ timeout: 60_000 });
  });
  await look(checks, tour, "backups");
  await checks.run("backups: its file can be downloaded", async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: `Download ${name}` }).click()]);
    expect(readFileSync(await download.path()).length > 1000, "the file is empty");
  });
  await checks.run("backups: a table that was deleted is back after a restore, which wants a word typed", async () => {
    await removeTable(tour, "deliveries");
    await tour.open("/backups");
    await page.getByRole("button", { name: `Restore ${name}` }).click();
    const question = page.getByRole("alertdialog");
    expect(await question.getByRole("button", { name: "Restore", exact: true }).isDisabled(), "nothing has to be typed");
    await question.getByLabel(/to confirm/).fill("restore");
  });
  await look(checks, tour, "backup-restore");
  await checks.run("backups: what was restored is shown at once", async () => {
    await page.getByRole("alertdialog").getByRole("button", { name: "Restore", exact: true }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached", timeout: 60_000 });
    await page.getByText("The tables are as they were in").waitFor();
    await tour.open("/tables");
    await page.getByRole("link", { name: "deliveries", exact: true }).waitFor();
  });
  await checks.run("backups: one is deleted, after a question", async () => {
    await tour.open("/backups");
    await page.getByRole("button", { name: `Delete ${name}` }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete backup" }).click();
    await eventually(() => row.count(), 0, "rows of the backup");
  });
}
