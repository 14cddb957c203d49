import "./workers";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "../style/site.css";
import "./playground.css";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { useMonaco } from "@graphiql/react";
import { GraphiQL } from "graphiql";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { defineEditorColours } from "./colours";
import { EXAMPLES_PLUGIN, isWide, RunOnArrival } from "./ExamplesPlugin";
import { exampleOfAddress, welcome } from "./examples";
import { fetcher } from "./fetcher";

const plugins = [EXAMPLES_PLUGIN, HISTORY_PLUGIN];
const example = exampleOfAddress(new URL(location.href));
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
      {...(example ? { initialQuery: example.query, initialVariables: example.variables } : {})}
    >
      <GraphiQL.Logo>
        <a className="site-name" href="/">
          normgraph
        </a>
      </GraphiQL.Logo>
      {example && <RunOnArrival />}
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
