import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/admin/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server replaces this placeholder with a fresh nonce on every page it serves.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    target: ["chrome123", "firefox128", "safari17.5"],
    // The page's policy allows no data: fonts or scripts, so nothing is inlined and the styles are one file.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: false,
  },
  server: {
    proxy: { "/admin/api": "http://127.0.0.1:7130" },
  },
  test: { include: ["src/**/*.test.ts"] },
});
