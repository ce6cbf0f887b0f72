// Copies the two readers of /openapi.json into ui/dist/reference, where the program embeds them.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "dist", "reference");
mkdirSync(out, { recursive: true });

for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  copyFileSync(join(here, "node_modules", "swagger-ui-dist", file), join(out, file));
}
copyFileSync(join(here, "node_modules", "redoc", "bundles", "redoc.standalone.js"), join(out, "redoc.standalone.js"));

// The page's policy allows no inline script, so the call that starts the reader is a file too.
writeFileSync(
  join(out, "docs.js"),
  'window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });\n',
);
