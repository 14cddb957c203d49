/** The ways to look at a result. */
export const views = ["json", "table", "graph", "chart"] as const;
export type View = (typeof views)[number];

/** Whether a text names a view. */
export function isView(text: string | null | undefined): text is View {
  return views.some((view) => view === text);
}

/** A query from documents/, with the comment lines at its head read into fields. */
export interface Example {
  /** The file's name without its ending; stable, used in addresses. */
  readonly name: string;
  readonly title: string;
  readonly explain: string;
  readonly view: View;
  /** The default variables as indented JSON; empty if there are none. */
  readonly variables: string;
  /** The operation, without the head. */
  readonly query: string;
}

const files = import.meta.glob<string>("../../../documents/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

function parse(path: string, text: string): Example {
  const head: Record<string, string> = {};
  const lines = text.split("\n");
  let first = 0;
  for (; lines[first]?.startsWith("#"); first++) {
    const [, key, value] = /^#\s*(\w+):\s*(.*)$/.exec(lines[first] ?? "") ?? [];
    if (key && value) head[key] = value;
  }
  const name = path.replace(/^.*\/|\.graphql$/g, "");
  return {
    name,
    title: head["title"] ?? name,
    explain: head["explain"] ?? "",
    view: isView(head["view"]) ? head["view"] : "json",
    variables: head["variables"] ? JSON.stringify(JSON.parse(head["variables"]), null, 2) : "",
    query: lines.slice(first).join("\n").trimEnd() + "\n",
  };
}

/** The bundled examples, by name. */
export const examples: readonly Example[] = Object.entries(files)
  .map(([path, text]) => parse(path, text))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

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
  return text === "" || text === welcome.trim() || examples.some((example) => example.query.trim() === text);
}

/** The example that the page's address names (`?example=NAME`), if any. */
export function exampleOfAddress(address: URL): Example | undefined {
  const name = address.searchParams.get("example");
  return examples.find((example) => example.name === name);
}
