// Elements that load, run or submit something; the sandbox stops them too, but then the browser complains on every message.
const REMOVED = "script, link, meta, base, iframe, frame, object, embed, audio, video, source, svg, math, noscript";

/**
 * Makes a message fit for a sandboxed frame that inherits the page's policy: that policy refuses `style` attributes,
 * so they become rules of one style element that carries the page's nonce. Pictures from elsewhere are left out.
 */
export function mailDocument(html: string, nonce: string): string {
  const parsed = new DOMParser().parseFromString(html.replace(/<\/?[a-z][^>]*>/gi, disarm), "text/html");
  const rules: string[] = [];
  parsed.querySelectorAll("mail-style").forEach((element) => {
    rules.push(element.textContent);
    element.remove();
  });
  parsed.querySelectorAll(REMOVED).forEach((element) => element.remove());
  parsed.querySelectorAll("*").forEach((element) => {
    for (const { name } of [...element.attributes]) {
      if (/^on|^data-mail-on|^(srcset|background|ping|action|formaction)$/i.test(name)) element.removeAttribute(name);
    }
    const style = element.getAttribute("data-mail-style");
    if (style !== null) {
      // A brace would end the rule and let the rest style the whole message.
      const declarations = style.replace(/[{}<]/g, "");
      element.classList.add(`m${rules.length}`);
      rules.push(`.m${rules.length}{${declarations}}`);
      element.removeAttribute("data-mail-style");
    }
    if (element instanceof HTMLImageElement && !/^data:image\//i.test(element.getAttribute("src") ?? "")) {
      const note = parsed.createElement("em");
      note.textContent = element.alt === "" ? "[picture]" : `[picture: ${element.alt}]`;
      element.replaceWith(note);
    }
  });
  const bodyClass = parsed.body.className.replace(/[^\w -]/g, "");
  const style = rules.join("\n").replace(/<\/style/gi, "").replace(/@import[^;]*;?|url\([^)]*\)/gi, "");
  const base = "body{font:14px/1.5 system-ui,sans-serif;color:#1a1b1e;background:#fff;margin:16px;overflow-wrap:anywhere}";
  const head = `<meta charset="utf-8"><style nonce="${nonce}">${base}\n${style}</style>`;
  return `<!doctype html><html><head>${head}</head><body class="${bodyClass}">${parsed.body.innerHTML}</body></html>`;
}

/** Renames what the policy refuses before parsing: browsers report it even in a document that is never shown. */
function disarm(tag: string): string {
  return tag
    .replace(/^(<\/?)style\b/i, "$1mail-style")
    .replace(/([\s"'/])style\s*=/gi, "$1data-mail-style=")
    .replace(/([\s"'/])on(\w+)\s*=/gi, "$1data-mail-on$2=");
}
