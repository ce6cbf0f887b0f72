import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";
import { removeTable } from "./tables.mjs";

/** Row security and policies of `deliveries`, whose page is open. */
export async function tourPolicies(checks, tour) {
  const { page } = tour;
  const access = page.getByRole("region", { name: "Who can do what" });
  const anonymous = () => access.getByRole("row", { name: /anon key/ }).innerText();
  await checks.run("policies: a table without one says that nobody gets in", async () => {
    await page.getByRole("tab", { name: "Policies" }).click();
    await page.getByText("No policy lets anybody in").waitFor();
    expect((await anonymous()).match(/nothing/g)?.length === 4, await anonymous());
  });
  await checks.run("policies: row security is turned off only after its warning, and then says so", async () => {
    const security = page.getByRole("switch", { name: "Row security" });
    await security.click();
    await page.getByLabel(/to confirm/).fill("deliveries");
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByText("This table is open").waitFor();
    expect((await anonymous()).match(/every row/g)?.length === 4, await anonymous());
  });
  await look(checks, tour, "table-open");
  await checks.run("policies: row security is turned on again", async () => {
    await page.getByRole("switch", { name: "Row security" }).click();
    await page.getByText("No policy lets anybody in").waitFor();
  });
  await checks.run("policies: one is added from a template, and anon can read", async () => {
    await page.getByRole("button", { name: "Add policy" }).click();
    await page.getByRole("button", { name: "Everyone reads", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Add policy" }).click();
    await page.getByText("everyone_reads", { exact: true }).waitFor();
    await eventually(async () => /every row/.test(await anonymous()), true, "anon reads");
  });
  await checks.run("policies: one is changed in place", async () => {
    await page.getByRole("button", { name: "Edit the policy everyone_reads" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("delivered_rows");
    await form.getByLabel("Rows it shows").fill("delivered");
    await form.getByRole("button", { name: "Save policy" }).click();
    await page.getByText("delivered_rows", { exact: true }).waitFor();
    await page.getByText("everyone_reads", { exact: true }).waitFor({ state: "detached" });
    await eventually(async () => /some rows/.test(await anonymous()), true, "anon reads some rows");
  });
  await checks.run("policies: a rule that means nothing is refused in the dialog", async () => {
    tour.expectedComplaints.push(/status of 4\d\d .*\/policies$/);
    await page.getByRole("button", { name: "Add policy" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill("wrong");
    await form.getByLabel("Rows it shows").fill("no_such_column = 1");
    await form.getByRole("button", { name: "Add policy" }).click();
    await form.getByRole("alert").getByText("no_such_column").waitFor();
    await form.getByRole("button", { name: "Cancel" }).click();
  });
  await look(checks, tour, "table-policies");
}

/** Relations and indexes of `deliveries`, whose page is open, with a table `stops` that points to it. */
export async function tourRelations(checks, tour) {
  const { page } = tour;
  const tab = (name) => page.getByRole("tab", { name }).click();
  await checks.run("relations: a second table points to the first", async () => {
    await removeTable(tour, "stops");
    await tour.open("/tables?action=create");
    await page.getByLabel("Name", { exact: true }).fill("stops");
    await page.getByLabel("Name of column 1").fill("delivery_id");
    await page.getByLabel("Type of column 1").selectOption("uuid");
    await page.getByRole("button", { name: "Create table" }).click();
    await page.getByText("No rows yet").waitFor();
    await tab("Relations");
    await page.getByText("No relations").waitFor();
    await page.getByRole("button", { name: "Add relation" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Column", { exact: true }).selectOption("delivery_id");
    await form.getByLabel("Points to the table").selectOption("deliveries");
    await eventually(() => form.getByLabel("And its column").inputValue(), "id", "the other table's key");
    await form.getByLabel("When the other row is deleted").selectOption("CASCADE");
    await form.getByText("deletes every row of stops").waitFor();
    await form.getByLabel("Make an index, too").click();
    await form.getByRole("button", { name: "Add relation" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("on delete cascade").waitFor();
  });
  await look(checks, tour, "table-relations");
  await checks.run("indexes: the advisor misses one on the relation, and its button makes it", async () => {
    await tab("Indexes");
    await page.getByText("A foreign key without an index").waitFor();
    await page.getByRole("button", { name: "Index delivery_id" }).click();
    await page.getByText("stops_delivery_id_idx", { exact: true }).waitFor();
    await page.getByText("A foreign key without an index").waitFor({ state: "detached" });
  });
  await checks.run("indexes: one over two columns is added and dropped, and the primary key's stays", async () => {
    await page.getByRole("button", { name: "Add index" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Columns", { exact: true }).selectOption("created_at");
    await form.getByLabel("Columns", { exact: true }).selectOption("delivery_id");
    await form.getByLabel("Name", { exact: true }).fill("stops_by_time");
    await form.getByRole("button", { name: "Add index" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("created_at, delivery_id", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: /belongs to the table/ }).first().isDisabled(), "the primary key's index can be dropped");
  });
  await look(checks, tour, "table-indexes");
  await checks.run("indexes: dropping asks first", async () => {
    await page.getByRole("button", { name: "Drop stops_by_time" }).first().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Drop index" }).click();
    await page.getByText("stops_by_time", { exact: true }).waitFor({ state: "detached" });
  });
  await checks.run("relations: the other table knows who points at it, and the relation goes again", async () => {
    await tab("Relations");
    await page.getByRole("link", { name: "deliveries" }).click();
    await page.getByRole("heading", { name: /deliveries/ }).waitFor();
    const into = page.getByRole("region", { name: "Pointed at by" });
    await into.getByRole("link", { name: "stops" }).click();
    await page.getByRole("heading", { name: /stops/ }).waitFor();
    await page.getByRole("button", { name: "Remove the relation of delivery_id to deliveries" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove relation" }).click();
    await page.getByText("No relations").waitFor();
    await removeTable(tour, "stops");
  });
}
