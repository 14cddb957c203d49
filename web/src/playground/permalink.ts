import { type Example, exampleOfAddress, isView, type View } from "./examples";

/** What an address opens the playground with. */
export interface Opening {
  readonly query: string;
  readonly variables: string;
  readonly view: View;
  /** The revision of the data that the address was made at. */
  readonly revision: number | undefined;
  readonly example: Example | undefined;
}

/** Reads `?example=NAME&variables=JSON` or `#query=…&variables=…&view=…&revision=…`. */
export function openingOf(address: URL): Opening | undefined {
  const held = new URLSearchParams(address.hash.slice(1));
  const query = held.get("query");
  const revision = Number(held.get("revision") ?? address.searchParams.get("revision") ?? NaN);
  const known = Number.isInteger(revision) ? revision : undefined;
  const view = held.get("view") ?? address.searchParams.get("view");
  if (query) {
    return { query, variables: held.get("variables") ?? "", view: isView(view) ? view : "json", revision: known, example: undefined };
  }
  const example = exampleOfAddress(address);
  if (!example) return undefined;
  return {
    query: example.query,
    variables: merged(example.variables, address.searchParams.get("variables")),
    view: isView(view) ? view : example.view,
    revision: known,
    example,
  };
}

/** Variables of an example with those of an address in their place. */
function merged(defaults: string, given: string | null): string {
  if (!given) return defaults;
  try {
    const all = { ...(JSON.parse(defaults || "{}") as object), ...(JSON.parse(given) as object) };
    return JSON.stringify(all, null, 2);
  } catch {
    return defaults;
  }
}

/** The path that opens the playground with all of this again. The query stays in the fragment, so that no log holds it. */
export function permalink(query: string, variables: string, view: View, revision: number | undefined): string {
  const held = new URLSearchParams({ query });
  if (variables.trim() && variables.trim() !== "{}") held.set("variables", compact(variables));
  if (view !== "json") held.set("view", view);
  if (revision !== undefined) held.set("revision", String(revision));
  return `/playground#${held}`;
}

function compact(variables: string): string {
  try {
    return JSON.stringify(JSON.parse(variables));
  } catch {
    return variables;
  }
}
