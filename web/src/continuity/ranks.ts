import { ask, AskError, revisionOf } from "../graphql/ask";
import type { WhatRecursQueryVariables } from "../graphql/types";

/** Asks for the rank intervals, which resample the incidents, and puts them into their column. */
export async function fillRanks(table: HTMLTableElement): Promise<void> {
  const cells = new Map([...table.tBodies[0]!.rows].map((row) => [row.dataset["key"], row.querySelector<HTMLElement>("[data-rank]")]));
  const progress = document.querySelector<HTMLElement>("#progress");
  const resamples = Number(table.dataset["resamples"]).toLocaleString("en");
  const started = performance.now();
  // Said only when it takes long enough to be wondered about.
  const told = setInterval(() => {
    if (!progress) return;
    progress.hidden = false;
    const seconds = Math.round((performance.now() - started) / 1000);
    progress.textContent = `Computing rank intervals from ${resamples} resamples of the incidents … ${seconds} s`;
  }, 700);
  try {
    const variables = JSON.parse(table.dataset["variables"] ?? "{}") as WhatRecursQueryVariables;
    const { normContinuity } = await ask("what-recurs", variables, revisionOf(table));
    for (const { node } of normContinuity.edges) {
      const cell = cells.get(node.key);
      if (cell) cell.textContent = node.rankInterval ? `${node.rankInterval.low}–${node.rankInterval.high}` : "–";
    }
    if (progress) progress.hidden = true;
  } catch (error) {
    for (const cell of cells.values()) if (cell) cell.textContent = "–";
    if (progress) {
      progress.hidden = false;
      progress.textContent = `Rank intervals are missing: ${error instanceof AskError ? error.message : "they could not be computed."} All other figures are complete.`;
    }
  } finally {
    clearInterval(told);
  }
}
