import { movedOn, revisionOf } from "../graphql/ask";

/** Shows the evidence of a cell beside the table without loading the page anew; the address follows. */
export function evidence(table: HTMLTableElement): void {
  const panel = document.querySelector<HTMLElement>("#evidence");
  if (!panel) return;
  const revision = revisionOf(table);
  let running: AbortController | undefined;

  const mark = (address: URL): void => {
    const cell = address.searchParams.get("cell");
    for (const link of table.querySelectorAll<HTMLAnchorElement>("tbody a")) {
      if (new URL(link.href).searchParams.get("cell") === cell) link.ariaCurrent = "true";
      else link.removeAttribute("aria-current");
    }
    const key = cell?.split("~")[0];
    for (const row of table.tBodies[0]!.rows) row.classList.toggle("chosen", row.dataset["key"] === key);
  };

  const show = async (address: URL, focus: boolean): Promise<void> => {
    running?.abort();
    const own = (running = new AbortController());
    mark(address);
    panel.setAttribute("aria-busy", "true");
    panel.replaceChildren(skeleton());
    const part = new URL(address);
    part.searchParams.set("part", "evidence");
    if (revision !== undefined) part.searchParams.set("revision", String(revision));
    part.hash = "";
    let said = "The evidence could not be loaded.";
    try {
      const response = await fetch(part, { signal: own.signal, credentials: "same-origin" });
      if (response.status === 410) said = `${movedOn} Evidence of now would stand beside figures of before.`;
      if (!response.ok) throw new Error(`status ${response.status}`);
      // The service wrote and escaped it: the same template as of the whole page.
      panel.innerHTML = await response.text();
    } catch (error) {
      if (own.signal.aborted) return;
      const problem = document.createElement("p");
      problem.className = "caveat";
      problem.setAttribute("role", "alert");
      problem.textContent = `${said} `;
      const again = document.createElement("a");
      again.href = address.href;
      again.textContent = "Load the page anew";
      // The address is the page's by now, with a fragment: to follow it would load nothing.
      again.addEventListener("click", (event) => {
        event.preventDefault();
        location.reload();
      });
      problem.append(again);
      panel.replaceChildren(problem);
      console.info("evidence:", error);
    }
    panel.removeAttribute("aria-busy");
    panel.scrollTop = 0;
    if (focus) panel.focus({ preventScroll: getComputedStyle(panel).position === "sticky" });
  };

  table.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("tbody a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    void show(new URL(link.href), true);
  });
  addEventListener("popstate", () => void show(new URL(location.href), false));
}

function skeleton(): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const said = document.createElement("p");
  said.className = "vh";
  said.textContent = "Loading the evidence …";
  fragment.append(said);
  for (const width of ["wide", "half", "wide", "wide", "half", "wide"]) {
    const bar = document.createElement("div");
    bar.className = `skeleton line ${width}`;
    fragment.append(bar);
  }
  return fragment;
}
