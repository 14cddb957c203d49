import { useGraphiQL } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import { findFigure } from "../views/figure";
import { type Run, useLatest } from "./latest";
import type { Opening } from "./permalink";
import { permalink } from "./permalink";
import { Share } from "./Share";
import { useChosenView } from "./view";
import { type View, views } from "./examples";

const titles: Record<View, string> = { json: "JSON", table: "Table", graph: "Graph", chart: "Chart" };

/** The bar below the response: how it is looked at, and ways to share it. The chosen view covers the response. */
export function Views({ opening }: { opening: Opening | undefined }) {
  const run = useLatest();
  const [view, choose] = useChosenView();
  const query = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.query ?? "");
  const variables = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.variables ?? "");
  const revision = run?.answer.extensions?.revision;
  const isOlder = opening?.revision !== undefined && revision !== undefined && opening.revision !== revision;
  return (
    <>
      {view !== "json" && run && <ViewOf key={view} view={view} run={run} />}
      {isOlder && (
        <p className="caveat revision-note" role="note">
          {opening.revision! < revision! ? `This address was made at revision ${opening.revision} of the data` : `There is no revision ${opening.revision} of the data`}
          ; what is shown is revision {revision}.
        </p>
      )}
      <div className="views-bar">
        <div role="group" aria-label="View of the response">
          {views.map((each) => (
            <button key={each} type="button" aria-pressed={each === view} disabled={!run && each !== "json"} onClick={() => choose(each)}>
              {titles[each]}
            </button>
          ))}
        </div>
        <Share address={() => permalink(query, variables, view, revision)} revision={revision} />
      </div>
    </>
  );
}

/** One view of an answer. Its library is loaded when it is first looked at. */
function ViewOf({ view, run }: { view: Exclude<View, "json">; run: Run }) {
  const host = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let takeAway: (() => void) | undefined;
    let gone = false;
    const show = async (): Promise<void> => {
      element.replaceChildren();
      setProblem(undefined);
      if (view === "table") (await import("../views/table")).showTable(element, run.answer.data, "normgraph");
      else if (view === "graph") {
        const { showGraph } = await import("../views/graph");
        if (!gone) takeAway = showGraph(element, run.answer.data, "normgraph", run.answer.extensions?.revision);
      } else {
        const figure = findFigure(run.answer.data);
        if (!figure) {
          setProblem("There is no chart of this answer: charts show a continuity, its series, or a matrix.");
          return;
        }
        const { showChart } = await import("../views/chart");
        if (!gone) takeAway = await showChart(element, figure, "Chart of the answer; the table view says the same in words", "normgraph");
      }
      if (gone) takeAway?.();
    };
    show().catch((error: unknown) => {
      console.error(error);
      setProblem("The view could not be drawn.");
    });
    return () => {
      gone = true;
      takeAway?.();
    };
  }, [view, run]);
  return (
    <div className="result-view" role="region" aria-label={`${titles[view]} of the response`} tabIndex={0}>
      {problem && <p className="empty">{problem}</p>}
      <div className="view-host" ref={host} />
    </div>
  );
}
