import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { licences } from "./vite-licences";

// The pages' HTML comes from the Go templates in pages/; this build makes the
// hashed files that they name, and the manifest that tells the names.
export default defineConfig({
  plugins: [react(), licences()],
  // GraphiQL's workers are modules that split into chunks, which only ES workers can do.
  worker: { format: "es" },
  build: {
    manifest: "manifest.json",
    assetsDir: "assets",
    // No data: addresses, so that the content policy stays strict.
    assetsInlineLimit: 0,
    // The editor is one large chunk by nature; it is loaded after the page.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      input: [
        "src/style/site.css",
        "src/style/start.css",
        "src/style/node.css",
        "src/style/continuity.css",
        "src/style/compare.css",
        "src/style/embed.css",
        "src/style/method.css",
        "src/style/icon.svg",
        "src/continuity/main.ts",
        "src/copy/main.ts",
        "src/embed/main.ts",
        "src/embed/component.ts",
        "src/playground/main.tsx",
      ],
      // "use no memo" speaks to React's compiler, which has already run on these packages.
      onLog: (level, log, handle) => log.code !== "MODULE_LEVEL_DIRECTIVE" && handle(level, log),
    },
  },
});
