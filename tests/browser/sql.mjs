import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";

/** Replaces what stands in an SQL editor, by pasting: typed lines would meet the editor's completions. */
async function write(page, label, text) {
  const editor = page.getByRole("textbox", { name: label });
  await editor.click();
  await page.keyboard.press("Control+a");
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

export async function tourSql(checks, tour) {
  const { page } = tour;
  const answer = page.getByRole("region", { name: "Answer" });
  const total = () => answer.getByRole("status").innerText();
  const run = async (text) => {
    await write(page, "SQL", text);
    await page.keyboard.press("Control+Enter");
  };
  tour.expectedComplaints.push(/status of 4\d\d .*\/admin\/api\/(sql|migrations)$/);
  await checks.run("sql: Ctrl+Enter runs the text, and the rows are counted and timed", async () => {
    await tour.open("/sql");
    await run("SELECT iata, name, state FROM airports\nWHERE state = 'TX'\nORDER BY name");
    await answer.getByRole("region", { name: "Rows of the answer" }).waitFor();
    expect(/^\d+ rows in [\d,]+ ms$/.test(await total()), await total());
    const nothing = await answer.getByRole("columnheader").allInnerTexts();
    expect(nothing.slice(1).join() === "iata,name,state", nothing.join());
  });
  await look(checks, tour, "sql");
  await checks.run("sql: a long answer is cut in the page, and says so", async () => {
    await run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT i FROM n");
    await eventually(async () => /^The first 1,000 of 1,500 rows/.test(await total()), true, "the first thousand");
  });
  await checks.run("sql: NULL can be told from text", async () => {
    await run("SELECT NULL AS absent, 'NULL' AS word");
    await eventually(() => answer.locator("td.italic").count(), 1, "one NULL");
  });
  await checks.run("sql: an error names its place and marks it", async () => {
    await run("SELECT name\nFROM airports\nWHERE no_such_column = 1");
    await answer.getByRole("alert").waitFor();
    await answer.getByText("Line 3, column 7").waitFor();
    await page.locator(".cm-wrong").filter({ hasText: "no_such_column" }).waitFor();
  });
  await look(checks, tour, "sql-error");
  await checks.run("sql: what may not be said is refused in plain words", async () => {
    await run("COMMIT");
    await answer.getByText("transaction statements are not allowed").waitFor();
  });
  await checks.run("sql: the plan is shown", async () => {
    await write(page, "SQL", "SELECT * FROM airports WHERE state = 'TX' ORDER BY city");
    await page.getByRole("button", { name: "Plan", exact: true }).click();
    await answer.getByRole("list", { name: "Plan" }).getByText(/scan/i).first().waitFor();
  });
  await look(checks, tour, "sql-plan");
  await checks.run("sql: relaxed is explained, and off unless the server allows it", async () => {
    expect(await page.getByRole("switch", { name: "Relaxed" }).isDisabled(), "the switch is free");
    await page.getByRole("button", { name: "What relaxed means" }).click();
    await page.getByText("Relaxed is off on this server").waitFor();
    await page.keyboard.press("Escape");
  });
  await checks.run("sql: the text stays while another page is open", async () => {
    await page.getByRole("link", { name: /^Logs/ }).click();
    await page.getByRole("link", { name: /^SQL/ }).click();
    await page.getByRole("textbox", { name: "SQL" }).getByText("ORDER BY").waitFor();
  });
  await checks.run("sql: the history holds each text once and brings one back", async () => {
    await page.getByRole("button", { name: "History" }).click();
    const drawer = page.getByRole("dialog", { name: "History" });
    expect((await drawer.getByRole("listitem").count()) === 6, `${await drawer.getByRole("listitem").count()} texts`);
  });
  await look(checks, tour, "sql-history");
  await checks.run("sql: the history is kept over a reload, without answers, and can be forgotten", async () => {
    await page.reload();
    await tour.settle();
    const kept = await page.evaluate(() => Object.entries(localStorage).filter(([key]) => key.startsWith("busbar.sql-history.")));
    expect(kept.length === 1 && !kept[0][1].includes("Dallas"), JSON.stringify(kept).slice(0, 200));
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("dialog").getByRole("button", { name: /NULL/ }).click();
    await page.getByRole("textbox", { name: "SQL" }).getByText("absent").waitFor();
    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Forget all" }).click();
    await page.getByText("Nothing was run yet").waitFor();
    await page.keyboard.press("Escape");
  });
}

export async function tourMigrations(checks, tour) {
  const { page } = tour;
  const form = page.getByRole("dialog", { name: "New migration" });
  const table = `tour_${Date.now().toString(36)}`;
  const dryRun = async (text) => {
    await write(page, "Statements of the migration", text);
    await form.getByRole("button", { name: "Dry run" }).click();
  };
  await checks.run("migrations: a dry run of what is wrong says so, and nothing can be applied", async () => {
    await tour.open("/migrations");
    await page.getByRole("button", { name: "New migration" }).first().click();
    await form.getByLabel("Name", { exact: true }).fill("make-orders");
    await dryRun("CREATE TABLE ok (id integer);\nINSERT INTO no_such_table VALUES (1)");
    await form.getByRole("alert").getByText("no_such_table").waitFor();
    expect(await form.getByRole("button", { name: "Apply migration" }).isDisabled(), "it can be applied");
  });
  await checks.run("migrations: what loses rows has to be confirmed", async () => {
    await dryRun("DROP TABLE airports");
    await form.getByText("Rows are lost with their table").waitFor();
    const apply = form.getByRole("button", { name: "Apply migration" });
    expect(await apply.isDisabled(), "it can be applied unconfirmed");
    await form.getByLabel(/I have a backup/).click();
    await eventually(() => apply.isDisabled(), false, "disabled after confirming");
  });
  await look(checks, tour, "migration-new");
  await checks.run("migrations: one that passed is applied and listed with its statements", async () => {
    await dryRun(`CREATE TABLE ${table} (id integer PRIMARY KEY, item text NOT NULL);\nCREATE INDEX ${table}_item ON ${table} (item);`);
    await form.getByText("The dry run passed").waitFor();
    await form.getByRole("button", { name: "Apply migration" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByRole("button", { name: /make-orders/ }).first().click();
    await page.getByText(`${table}_item ON`).waitFor();
  });
  await look(checks, tour, "migrations");
}
