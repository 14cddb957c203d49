import "./workers";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "../style/site.css";
import "../style/embed.css";
import "./playground.css";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { useMonaco } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { defineEditorColours } from "./colours";
import { EXAMPLES_PLUGIN, isWide, RunOnArrival } from "./ExamplesPlugin";
import { welcome } from "./examples";
import { fetcher } from "./fetcher";
import { openingOf } from "./permalink";
import { chooseView } from "./view";
import { Views } from "./Views";

const plugins = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];
const opening = openingOf(new URL(location.href));
if (opening) chooseView(opening.view);

function Playground() {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (monaco) defineEditorColours(monaco);
  }, [monaco]);
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      {...(isWide() ? { visiblePlugin: EXAMPLES_PLUGIN } : {})}
      defaultQuery={welcome}
      defaultEditorToolsVisibility="variables"
      isHeadersEditorEnabled={false}
      {...(opening ? { initialQuery: opening.query, initialVariables: opening.variables } : {})}
    >
      <GraphiQL.Logo>
        <a className="site-name" href="/">
          normgraph
        </a>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <Views opening={opening} />
      </GraphiQL.Footer>
      {opening && <RunOnArrival />}
    </GraphiQL>
  );
}

const root = document.getElementById("playground");
if (!root) throw new Error("the page has no element with the id “playground”");
createRoot(root).render(
  <StrictMode>
    <Playground />
  </StrictMode>,
);
