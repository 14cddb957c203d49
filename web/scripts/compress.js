// Replaces each file of a folder by its gzip form where that is smaller.
// Usage: node scripts/compress.js FOLDER
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.argv[2];
if (!folder) throw new Error("compress.js: name the folder to compress");

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  const plain = readFileSync(path);
  const packed = gzipSync(plain, { level: 9 });
  if (packed.length >= plain.length) continue;
  writeFileSync(path + ".gz", packed);
  rmSync(path);
}
