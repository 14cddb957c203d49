/** The ways to look at a result. */
export const views = ["json", "table", "graph", "chart"] as const;
export type View = (typeof views)[number];

/** Whether a text names a view. */
export function isView(text: string | null | undefined): text is View {
  return views.some((view) => view === text);
}

/** A trusted document of the service, as the page brings it. */
export interface Example {
  /** Stable, used in addresses. */
  readonly name: string;
  /** The SHA-256 by which the service knows the document, head included. */
  readonly hash: string;
  readonly title: string;
  readonly explain: string;
  readonly view: View;
  /** The default variables as indented JSON; empty if there are none. */
  readonly variables: string;
  /** The operation, without the head. */
  readonly query: string;
}

type Brought = Omit<Example, "variables"> & { readonly variables: object };

/** The examples, by name. */
export const examples: readonly Example[] = (JSON.parse(document.getElementById("examples")?.textContent ?? "[]") as Brought[]).map((each) => ({
  ...each,
  variables: Object.keys(each.variables).length > 0 ? JSON.stringify(each.variables, null, 2) : "",
}));

/** What the first tab holds when nothing is remembered and no example is asked for. */
export const welcome = `# Choose one of the examples, or write a query here.
# Ctrl-Enter runs it, Ctrl-Space completes, and the book opens the schema.

query FirstLook {
  agreements(sort: [{ date: DESC }], limit: 10) {
    id
    title
    date
    legalStatus
  }
}
`;

/** Whether a query holds nothing that a person wrote. */
export function isUntouched(query: string): boolean {
  const text = query.trim();
  return text === "" || text === welcome.trim() || exampleOfQuery(query) !== undefined;
}

/** The example that a query is, unchanged. */
export function exampleOfQuery(query: string): Example | undefined {
  return examples.find((example) => example.query.trim() === query.trim());
}

/** The example that the page's address names (`?example=NAME`), if any. */
export function exampleOfAddress(address: URL): Example | undefined {
  const name = address.searchParams.get("example");
  return examples.find((example) => example.name === name);
}
