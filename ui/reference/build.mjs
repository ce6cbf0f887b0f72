// Copies the two readers of /openapi.json into ui/dist/reference, where the program embeds them.
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const out = join(here, "..", "dist", "reference");
mkdirSync(out, { recursive: true });

for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  copyFileSync(join(packageFolder("swagger-ui-dist"), file), join(out, file));
}
copyFileSync(join(packageFolder("redoc"), "bundles", "redoc.standalone.js"), join(out, "redoc.standalone.js"));

// The page's policy allows no inline script, so the call that starts the reader is a file too.
writeFileSync(
  join(out, "docs.js"),
  'window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });\n',
);
