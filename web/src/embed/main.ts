import { askAny, revisionOf } from "../graphql/ask";

// Draws the figure of a frame, and tells the page around it how high it is. It
// sets no cookie and reads no storage.
const page = document.querySelector<HTMLElement>("#embed");
const host = document.querySelector<HTMLElement>("#view");

async function draw(page: HTMLElement, host: HTMLElement): Promise<void> {
  const name = page.dataset["document"] ?? "";
  try {
    const revision = revisionOf(page);
    const answer = await askAny(name, JSON.parse(page.dataset["variables"] ?? "{}") as object, revision);
    if (answer.errors?.[0]) throw new Error(answer.errors[0].message);
    host.replaceChildren();
    if (page.dataset["view"] === "graph") {
      const { showGraph } = await import("../views/graph");
      showGraph(host, answer.data, name, revision);
    } else {
      const { findFigure } = await import("../views/figure");
      const figure = findFigure(answer.data);
      if (!figure) throw new Error("This answer has no chart; its table is below.");
      const { showChart } = await import("../views/chart");
      await showChart(host, figure, document.title, name);
    }
  } catch (error) {
    const problem = document.createElement("p");
    problem.className = "caveat";
    problem.textContent = error instanceof Error ? error.message : "The figure could not be drawn.";
    host.replaceChildren(problem);
    page.querySelector("details")?.setAttribute("open", "");
  }
  host.removeAttribute("aria-busy");
}

if (page) {
  const height = (): void => parent.postMessage({ type: "normgraph:height", height: Math.ceil(page.getBoundingClientRect().height) }, "*");
  new ResizeObserver(height).observe(page);
  if (host) void draw(page, host);
}
