/** A value of a flat row. */
export type Cell = string | number | boolean | null;

/** An answer as a table. The service makes the same of the same answer for /data/ (server/pages/rows.go). */
export interface Flat {
  readonly columns: readonly string[];
  /** The last columns, which say the same in each row. */
  readonly about: readonly string[];
  readonly rows: readonly ReadonlyMap<string, Cell>[];
}

interface Row {
  readonly cells: readonly (readonly [string, Cell])[];
  readonly isOfList: boolean;
}

/**
 * A list of objects gives one row for each; what stands beside and above it is
 * repeated in each row. Of several lists side by side each gives rows of its own.
 * What the answer says beside its lists, such as caveats, is in the last columns.
 * A column is called by the path to the value, without "edges" and "node", and
 * without the root field if there is only one.
 */
export function flatten(data: unknown): Flat {
  if (!isObject(data)) return { columns: [], about: [], rows: [] };
  const values = Object.values(data);
  let members: Record<string, unknown> = data;
  if (values.length === 1) {
    if (Array.isArray(values[0])) members = { node: values[0] };
    else if (isObject(values[0])) members = values[0];
  }
  const rows: Row[] = [];
  const beside: (readonly [string, Cell])[] = [];
  for (const [name, value] of Object.entries(members)) {
    const found = unfold({ [name]: value }, []);
    if (isPlain(found)) beside.push(...found[0]!.cells);
    else rows.push(...found);
  }
  if (rows.length === 0) rows.push({ cells: beside.splice(0), isOfList: false });
  const named = [...rows.flatMap((row) => row.cells), ...beside].map(([column]) => column);
  // An empty list, or null for an object, has no column of its own beside those of its members.
  const composite = new Set(named.flatMap((column) => column.split(".").map((_, i, parts) => parts.slice(0, i).join("."))));
  const listed = new Set(rows.flatMap((row) => row.cells.map(([column]) => column)).filter((column) => !composite.has(column)));
  const about = [...new Set(beside.map(([column]) => column))].filter((column) => !listed.has(column) && !composite.has(column));
  return {
    columns: [...listed, ...about],
    about,
    rows: rows.map((row) => new Map([...beside, ...row.cells])).filter((row) => row.size > 0),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unfold(object: Record<string, unknown>, path: readonly string[]): Row[] {
  const base: (readonly [string, Cell])[] = [];
  const below: Row[][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (name === "__typename") continue;
    const inner = name === "edges" || name === "node" ? path : [...path, name];
    if (isObject(value)) {
      const rows = unfold(value, inner);
      if (isPlain(rows)) base.push(...rows[0]!.cells);
      else below.push(rows);
    } else if (Array.isArray(value)) {
      const rows = value.filter(isObject).flatMap((item) => unfold(item, inner).map((row) => ({ ...row, isOfList: true })));
      if (rows.length > 0) below.push(rows);
      else if (inner.length > 0) base.push([inner.join("."), value.filter((item) => item !== null).join("; ")]);
    } else {
      base.push([inner.join("."), value as Cell]);
    }
  }
  if (below.length === 0) return [{ cells: base, isOfList: false }];
  return below.flat().map((row) => ({ cells: [...base, ...row.cells], isOfList: row.isOfList }));
}

function isPlain(rows: readonly Row[]): boolean {
  return rows.length === 1 && !rows[0]!.isOfList;
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay as they are. */
export function toCSV(flat: Flat): string {
  const quoted = (text: string): string => (/[",\r\n]|^\s/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [flat.columns.map(quoted)];
  for (const row of flat.rows) lines.push(flat.columns.map((column) => quoted(csvText(row.get(column) ?? null))));
  return lines.map((line) => line.join(",") + "\r\n").join("");
}

function csvText(value: Cell): string {
  if (value === null) return "";
  return typeof value === "string" && /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : String(value);
}
