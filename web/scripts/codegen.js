// Writes src/graphql/types.ts: the types of the variables and answers of every
// trusted document, from the schema. Usage: node scripts/codegen.js
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, parse } from "graphql";

const schema = readFileSync(new URL("../../graph/api.graphqls", import.meta.url), "utf8");
const folder = new URL("../../documents/", import.meta.url);
const names = readdirNames(folder);
const scalars = { PartialDate: "string", URL: "string", CountryCode: "string", DateTime: "string" };

const text = await codegen({
  filename: "types.ts",
  schema: parse(schema),
  schemaAst: buildSchema(schema),
  documents: names.map((name) => ({ location: name, document: parse(readFileSync(new URL(name, folder), "utf8")) })),
  plugins: [{ typescript: {} }, { operations: {} }],
  pluginMap: { typescript, operations },
  config: {
    scalars,
    onlyOperationTypes: true,
    enumsAsTypes: true,
    skipTypename: true,
    immutableTypes: true,
    useTypeImports: true,
    strictScalars: true,
  },
});
const operationOf = (name) => {
  const [definition] = parse(readFileSync(new URL(name, folder), "utf8")).definitions;
  return definition.name.value;
};
const map = names.map((name) => {
  const operation = operationOf(name);
  return `  "${name.replace(/\.graphql$/, "")}": { variables: ${operation}QueryVariables; data: ${operation}Query };`;
});
mkdirSync(new URL("../src/graphql/", import.meta.url), { recursive: true });
writeFileSync(
  new URL("../src/graphql/types.ts", import.meta.url),
  `// Made by scripts/codegen.js from the schema and ../documents. Do not edit.\n${text}
/** Variables and answer of each trusted document, by its name. */
export interface Documents {\n${map.join("\n")}\n}\n`,
);

function readdirNames(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".graphql")).sort();
}
