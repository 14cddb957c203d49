/** What a chart can show of an answer. */
export type Figure =
  | { readonly kind: "ranking"; readonly rows: readonly RankingRow[] }
  | { readonly kind: "heat"; readonly x: string; readonly cells: readonly HeatCell[]; readonly rows: readonly string[]; readonly columns: readonly string[] };

export interface RankingRow {
  readonly label: string;
  readonly rank: number;
  readonly score: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly incidents: number;
}

export interface HeatCell {
  readonly row: string;
  readonly column: string;
  readonly count: number;
  readonly share: number;
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const nodes = (value: Json): Json[] => list(value["edges"]).map((edge) => edge["node"]).filter(isObject);

/** Finds a continuity, series or matrix anywhere in an answer; undefined if it holds none. */
export function findFigure(data: unknown): Figure | undefined {
  if (!isObject(data)) return undefined;
  if (Array.isArray(data["cells"]) && Array.isArray(data["rows"]) && Array.isArray(data["columns"])) return matrix(data);
  const rows = nodes(data);
  if (rows.some((row) => list(row["series"]).length > 0)) return series(rows);
  if (rows.length > 0 && rows.every((row) => typeof row["score"] === "number" && typeof row["label"] === "string")) return ranking(rows);
  for (const value of Object.values(data)) {
    const found = findFigure(value);
    if (found) return found;
  }
  return undefined;
}

/** Labels that occur twice would fall into one row of a chart. */
function unique(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const times = (seen.get(label) ?? 0) + 1;
    seen.set(label, times);
    return times > 1 ? `${label} (${times})` : label;
  });
}

function ranking(rows: readonly Json[]): Figure {
  const labels = unique(rows.map((row) => String(row["label"])));
  return {
    kind: "ranking",
    rows: rows.map((row, i) => {
      const interval = isObject(row["scoreInterval"]) ? row["scoreInterval"] : {};
      return {
        label: labels[i]!,
        rank: Number(row["rank"] ?? i + 1),
        score: Number(row["score"]),
        low: (interval["low"] as number | null | undefined) ?? null,
        high: (interval["high"] as number | null | undefined) ?? null,
        incidents: Number(row["incidentCount"] ?? 0),
      };
    }),
  };
}

function series(all: readonly Json[]): Figure {
  const rows = all.filter((row) => list(row["series"]).length > 0);
  const labels = unique(rows.map((row) => String(row["label"])));
  const columns = list(rows[0]?.["series"]).map((part) => String(part["period"]));
  const cells = rows.flatMap((row, i) =>
    list(row["series"]).map((part) => ({
      row: labels[i]!,
      column: String(part["period"]),
      count: Number(part["incidents"]),
      share: Number(part["share"]),
    })),
  );
  return { kind: "heat", x: "Period", cells, rows: labels, columns };
}

function matrix(data: Json): Figure {
  const heads = (name: string): Map<string, string> => {
    const all = list(data[name]);
    const labels = unique(all.map((head) => String(head["label"] ?? head["key"])));
    return new Map(all.map((head, i) => [String(head["key"]), labels[i]!]));
  };
  const rows = heads("rows");
  const columns = heads("columns");
  const cells = list(data["cells"]).map((cell) => ({
    row: rows.get(String(cell["row"])) ?? String(cell["row"]),
    column: columns.get(String(cell["column"])) ?? String(cell["column"]),
    count: Number(cell["count"]),
    share: Number(cell["share"]),
  }));
  return { kind: "heat", x: "Column", cells, rows: [...rows.values()], columns: [...columns.values()] };
}
