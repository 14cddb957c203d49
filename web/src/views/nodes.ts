/** A node that an answer mentions. */
export interface GraphNode {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
}

/** A link between two of them, with what is stored with it. */
export interface GraphLink {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Finds nodes anywhere in an answer by `__typename` and `id`; links come from nesting, and from lists of `{type, from, to}`. */
export function findNodes(data: unknown): { nodes: GraphNode[]; links: GraphLink[] } {
  const nodes = new Map<string, GraphNode>();
  const links = new Map<string, GraphLink>();
  const link = (from: string, to: string, label: string): void => {
    if (from !== to) links.set(`${from}\n${to}\n${label}`, { from, to, label });
  };
  const walk = (value: unknown, parent: string | undefined, field: string, properties: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, parent, field, properties);
      return;
    }
    if (!isObject(value)) return;
    const { type, from, to } = value;
    if (typeof type === "string" && typeof from === "string" && typeof to === "string") {
      link(from, to, words(type));
      return;
    }
    const { __typename: kind, id } = value;
    let here = parent;
    if (typeof kind === "string" && typeof id === "string") {
      const label = labelOf(value) ?? nodes.get(id)?.label ?? id;
      nodes.set(id, { id, kind, label });
      if (parent) link(parent, id, properties || field);
      here = id;
    }
    const beside = isObject(value["properties"]) ? tell(value["properties"]) : "";
    for (const [name, inner] of Object.entries(value)) {
      if (name === "properties") continue;
      const isPart = name === "edges" || name === "node";
      walk(inner, here, isPart ? field : name.replace(/Connection$/, ""), isPart ? beside || properties : "");
    }
  };
  walk(data, undefined, "", "");
  const known = [...links.values()].filter((each) => nodes.has(each.from) && nodes.has(each.to));
  return { nodes: [...nodes.values()], links: known };
}

function labelOf(value: Json): string | undefined {
  for (const name of ["shortTitle", "name", "title", "contributor", "label", "text"]) {
    const text = value[name];
    if (typeof text === "string" && text) return text;
  }
  const [norm, incident] = [value["norm"], value["incident"]];
  if (isObject(norm) && isObject(incident)) return `${labelOf(norm) ?? ""} × ${labelOf(incident) ?? ""}`;
  return undefined;
}

function tell(properties: Json): string {
  const first = properties["role"] ?? properties["match"] ?? properties["locator"] ?? properties["rank"];
  return first === undefined || first === null ? "" : words(String(first));
}

/** Makes "DATASET_DERIVED" into "dataset derived". */
export function words(value: string): string {
  return /^[A-Z_]+$/.test(value) ? value.toLowerCase().replaceAll("_", " ") : value;
}
