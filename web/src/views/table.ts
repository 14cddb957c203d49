import { type Cell, flatten, toCSV } from "./rows";

const shown = 1000;

/** Puts the answer as a table into an element, with its CSV. */
export function showTable(host: HTMLElement, data: unknown, fileName: string): void {
  const flat = flatten(data);
  const bar = document.createElement("p");
  bar.className = "view-bar";
  const count = document.createElement("span");
  count.textContent = `${flat.rows.length.toLocaleString("en")} rows${flat.rows.length > shown ? `, the first ${shown} shown` : ""}`;
  const link = document.createElement("a");
  link.textContent = "Download CSV";
  link.href = "#";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    save(new Blob([toCSV(flat)], { type: "text/csv;charset=utf-8" }), `${fileName}.csv`);
  });
  bar.append(count, link);
  const about = document.createElement("dl");
  about.className = "about";
  for (const column of flat.about) {
    const part = document.createElement("div");
    const name = document.createElement("dt");
    name.textContent = column;
    const said = document.createElement("dd");
    said.textContent = text(flat.rows[0]?.get(column) ?? null).replaceAll(".; ", ". "); // sentences of a list
    part.append(name, said);
    about.append(part);
  }
  const listed = flat.columns.slice(0, flat.columns.length - flat.about.length);
  const table = document.createElement("table");
  table.className = "rows";
  const head = table.createTHead().insertRow();
  for (const column of listed) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = column;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of flat.rows.slice(0, shown)) {
    const line = body.insertRow();
    for (const column of listed) {
      const value = row.get(column) ?? null;
      const cell = line.insertCell();
      if (column === "id" || column.endsWith(".id")) cell.append(nodeLink(String(value ?? "")));
      else cell.textContent = text(value);
      if (typeof value === "number") cell.className = "number";
    }
  }
  const scroll = document.createElement("div");
  scroll.className = "scroll";
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", "Table");
  scroll.append(table);
  host.replaceChildren(bar, ...(flat.about.length > 0 ? [about] : []), flat.rows.length > 0 ? scroll : empty());
}

function nodeLink(id: string): HTMLElement | string {
  if (!id) return "";
  const link = document.createElement("a");
  link.href = `/node/${encodeURIComponent(id)}`;
  link.target = "_blank";
  link.textContent = id;
  return link;
}

function text(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(4)));
  return String(value);
}

function empty(): HTMLElement {
  const p = document.createElement("p");
  p.className = "empty";
  p.textContent = "The answer holds no rows.";
  return p;
}

/** Offers a file to be saved. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
