/** Makes the cells of a table one stop for Tab, with arrow keys, Home and End between them. */
export function moveByKeys(table: HTMLTableElement): void {
  const rows = [...table.tBodies[0]!.rows].map((row) => [...row.cells].map((cell) => cell.querySelector<HTMLAnchorElement>("a.cell")));
  const links = rows.flat().filter((link) => link !== null);
  const current = links.find((link) => link.ariaCurrent === "true") ?? links[0];
  for (const link of links) link.tabIndex = link === current ? 0 : -1;

  const find = (row: number, column: number, down: number, right: number): HTMLAnchorElement | undefined => {
    for (;;) {
      row += down;
      column += right;
      const line = rows[row];
      if (!line || column < 0 || column >= line.length) return undefined;
      const link = line[column];
      if (link) return link;
    }
  };
  const steps: Record<string, readonly [number, number]> = {
    ArrowDown: [1, 0],
    ArrowUp: [-1, 0],
    ArrowRight: [0, 1],
    ArrowLeft: [0, -1],
  };
  table.addEventListener("keydown", (event) => {
    const from = (event.target as Element).closest<HTMLAnchorElement>("a.cell");
    const row = rows.findIndex((line) => line.includes(from));
    if (!from || row < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const line = rows[row]!;
    const step = steps[event.key];
    let to: HTMLAnchorElement | null | undefined;
    if (step) to = find(row, line.indexOf(from), ...step);
    else if (event.key === "Home") to = line.find((link) => link);
    else if (event.key === "End") to = line.findLast((link) => link);
    else return;
    event.preventDefault();
    if (!to) return;
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  });
}
