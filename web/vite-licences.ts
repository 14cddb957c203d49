import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** Emits licences.json: every package whose code or style the build holds, with the text of its licence. */
export function licences(): Plugin {
  const folders = new Set<string>();
  const note = (id: string): void => {
    const path = id.replace(/^\0+/, "").split("?")[0] ?? "";
    const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found?.[1]) folders.add(found[1]);
  };
  return {
    name: "licences",
    // The workers are built apart, by plugins of their own; their modules pass here too.
    generateBundle() {
      for (const id of this.getModuleIds()) note(id);
      const found = [...folders].map(read).filter((each) => each !== undefined);
      const once = new Map(found.map((each) => [`${each.name}@${each.version}`, each]));
      const all = [...once.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
      this.emitFile({ type: "asset", fileName: "licences.json", source: JSON.stringify(all, null, 1) });
    },
  };
}

function read(folder: string): Bundled | undefined {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { name, version, license } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  const texts = readdirSync(folder).filter((each) => /^(licen[sc]e|copying|notice)/i.test(each)).sort();
  const licence = typeof license === "string" ? license : "see its text";
  return { name, version, licence, text: texts.map((each) => readFileSync(join(folder, each), "utf8").trim()).join("\n\n") };
}
