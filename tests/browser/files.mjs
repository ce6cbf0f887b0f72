import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { eventually, expect } from "./checks.mjs";
import { look } from "./look.mjs";

/** A picture of one soft gradient. */
function picture(width, height) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      rows.set([164 + (60 * x) / width, 77 + (90 * y) / height, 26 + (80 * x) / width], at);
    }
  }
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/MediaBox[0 0 200 200]/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF");

/** A page that would take over the console, if anything ran it. */
const HOSTILE = "<script>parent.document.title = 'taken'; fetch('/admin/api/keys/api-key/reveal', {method: 'POST'})</script>";

/** Policies of files: none, one from a template, changed, dropped. */
export async function tourFilePolicies(checks, tour) {
  const { page } = tour;
  const form = page.getByRole("dialog");
  await checks.run("storage policies: without one the rule is told", async () => {
    await tour.open("/storage");
    await page.getByRole("button", { name: "Policies" }).click();
    await page.getByText("People reach the files they uploaded").waitFor();
  });
  await checks.run("storage policies: the first one decides from then on", async () => {
    await page.getByRole("button", { name: "Add policy" }).click();
    await form.getByRole("button", { name: "People upload into their folder" }).click();
    await form.getByRole("button", { name: "Add policy" }).click();
    await form.waitFor({ state: "detached" });
    await page.getByText("own_folder_insert", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Add policy" }).click();
    await form.getByRole("button", { name: "People read what they uploaded" }).click();
    await form.getByRole("button", { name: "Add policy" }).click();
    await page.getByText("own_files_read", { exact: true }).waitFor();
    const people = page.getByRole("row", { name: /signed in/ });
    await eventually(async () => (await people.innerText()).match(/some files/g)?.length, 2, "what people may do");
  });
  await look(checks, tour, "storage-policies");
  await checks.run("storage policies: one that means nothing is refused in the dialog", async () => {
    tour.expectedComplaints.push(/status of 4\d\d .*\/storage\/policies$/);
    await page.getByRole("button", { name: "Add policy" }).click();
    await form.getByLabel("Name").fill("wrong");
    await form.getByLabel("Rows it shows").fill("no_such_column = 1");
    await form.getByRole("button", { name: "Add policy" }).click();
    await form.getByRole("alert").getByText("no_such_column").waitFor();
    await form.getByRole("button", { name: "Cancel" }).click();
  });
  await checks.run("storage policies: after the last one the rule is back", async () => {
    for (const name of ["own_folder_insert", "own_files_read"]) {
      await page.getByRole("button", { name: `Drop the policy ${name}` }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Drop policy" }).click();
      await page.getByText(name, { exact: true }).waitFor({ state: "detached" });
    }
    await page.getByText("People reach the files they uploaded").waitFor();
  });
}

/** Previews in the bucket whose page is open. */
export async function tourPreviews(checks, tour) {
  const { page } = tour;
  const drawer = page.getByRole("dialog");
  const open = async (key) => {
    await page.getByRole("button", { name: key, exact: true }).click();
    await drawer.getByRole("heading", { name: key }).waitFor();
  };
  const close = async () => {
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
  };
  await checks.run("preview: a picture, text, JSON and a document are shown", async () => {
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await page.locator('input[type="file"]').setInputFiles([
      { name: "copper.png", mimeType: "image/png", buffer: picture(480, 300) },
      { name: "settings.json", mimeType: "application/json", buffer: Buffer.from('{"mode":"cold","limits":[2,8]}') },
      { name: "leaflet.pdf", mimeType: "application/pdf", buffer: PDF },
      { name: "page.html", mimeType: "text/html", buffer: Buffer.from(HOSTILE) },
    ]);
    await page.getByText("4 of 4 uploaded").waitFor();
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    await open("reading me.txt");
    await drawer.getByText("ümlauts: åäö").waitFor();
    await close();
    await open("settings.json");
    await drawer.getByText('"limits": [').waitFor();
    await close();
    await open("leaflet.pdf");
    await drawer.locator("iframe").waitFor();
    await close();
    await open("copper.png");
    await page.waitForFunction(() => document.querySelector("[role=dialog] img")?.naturalWidth === 480);
  });
  await look(checks, tour, "storage-preview");
  await close();
  await checks.run("preview: a hostile page is read as text, and its address runs nothing", async () => {
    await open("page.html");
    await drawer.getByText("parent.document.title").waitFor();
    expect((await page.title()) !== "taken", "the file's script ran");
    await close();
    const headers = async (key) => {
      const answer = await page.request.get(`${tour.url}/admin/api/buckets/manuals/preview/${key}`);
      return { status: answer.status(), ...answer.headers() };
    };
    const shown = await headers("copper.png");
    expect(shown["content-security-policy"]?.startsWith("sandbox") && shown["x-content-type-options"] === "nosniff", JSON.stringify(shown));
    const refused = await headers("page.html");
    expect(refused.status >= 400, `the page is served with ${refused.status}`);
  });
  await checks.run("preview: the files are removed again", async () => {
    for (const key of ["copper.png", "settings.json", "leaflet.pdf", "page.html"]) {
      await page.getByLabel(`Delete ${key}`).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete file" }).click();
      await page.getByLabel(`Delete ${key}`).waitFor({ state: "detached" });
    }
  });
}

/** A signed link to one file of the open bucket, followed without the operator's cookie. */
export async function tourLinks(checks, tour, key, file) {
  const { page } = tour;
  await checks.run("links: a signed link opens the file for somebody without a session", async () => {
    await page.getByLabel(`Signed link to ${key}`).click();
    const form = page.getByRole("dialog", { name: "Signed link" });
    await form.getByLabel("Good for").selectOption({ label: "15 minutes" });
    await form.getByRole("button", { name: "Make link" }).click();
    await form.getByLabel("Link", { exact: true }).waitFor();
    const link = await form.getByLabel("Link", { exact: true }).inputValue();
    const answer = await fetch(link);
    expect(answer.status === 200, `the link answers ${answer.status}`);
    expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(file)), "the bytes differ");
    expect((await fetch(link.replace(/token=\d+/, "token=9999999999"))).status >= 400, "a changed link opens it, too");
  });
  await look(checks, tour, "storage-link");
  await page.getByRole("button", { name: "Done" }).click();
}

export async function tourAccessKeys(checks, tour) {
  const { page } = tour;
  const made = page.getByRole("region", { name: "The new access key" });
  let secret = "";
  await checks.run("access keys: the secret is shown once, with what clients need", async () => {
    await tour.open("/storage");
    await page.getByRole("button", { name: "Access keys" }).click();
    await page.getByRole("button", { name: "New access key" }).first().click();
    await page.getByLabel("What it is for").fill("Nightly backup");
    await page.getByRole("button", { name: "Create key" }).click();
    secret = (await made.locator("code").last().innerText()).trim();
    expect(secret.length >= 20, `the secret is "${secret}"`);
    await page.getByRole("tab", { name: "rclone" }).click();
    await page.getByText(`secret_access_key = ${secret}`).waitFor();
  });
  await look(checks, tour, "access-keys");
  await checks.run("access keys: afterwards nothing on the page holds the secret", async () => {
    await made.getByRole("button", { name: "I have copied it" }).click();
    await made.waitFor({ state: "detached" });
    expect(!(await page.content()).includes(secret), "the secret is still there");
    await page.reload();
    await tour.settle();
    expect(!(await page.content()).includes(secret), "the secret is told again");
  });
  await checks.run("access keys: one is revoked", async () => {
    const keys = page.getByRole("list", { name: "Access keys" }).getByRole("listitem");
    const before = await keys.count();
    await page.getByRole("button", { name: "Revoke Nightly backup" }).first().click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke key" }).click();
    await page.getByText("The key is revoked").waitFor();
    expect((await keys.count()) === before - 1, "the list did not shrink");
  });
}
