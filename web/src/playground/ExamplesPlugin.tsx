import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { parse } from "graphql";
import { useEffect, useRef } from "react";
import { type Example, examples, isUntouched } from "./examples";
import { chooseView } from "./view";

/** Whether there is room for the gallery beside the editors; on a phone it is one tap away. */
export function isWide(): boolean {
  return matchMedia("(min-width: 46rem)").matches;
}

/** Opens an example in the editors: in the tab at hand if nobody wrote in it, else in a new one. */
function useOpenExample(): (example: Example) => void {
  const { addTab, setOperationFacts, updateActiveTabValues } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  return (example) => {
    if (!queryEditor) return;
    if (!isUntouched(queryEditor.getValue())) addTab();
    queryEditor.setValue(example.query);
    variableEditor?.setValue(example.variables);
    responseEditor?.setValue("");
    // The editor reads the operation's name a moment later; a run before that
    // would send the name of the query that was there before.
    const documentAST = parse(example.query);
    const operations = documentAST.definitions.filter((each) => each.kind === "OperationDefinition");
    const operationName = operations[0]?.name?.value;
    setOperationFacts({ documentAST, operations, ...(operationName ? { operationName } : {}) });
    updateActiveTabValues({
      query: example.query,
      variables: example.variables,
      response: null,
      operationName: operationName ?? null,
    });
  };
}

function reveal(item: HTMLElement | null): void {
  requestAnimationFrame(() => item?.scrollIntoView({ block: "nearest" }));
}

function Gallery() {
  const open = useOpenExample();
  const { run } = useGraphiQLActions();
  const query = useGraphiQL((state) => state.tabs[state.activeTabIndex]?.query?.trim());
  return (
    <section className="examples" aria-label="Examples">
      <h2 className="examples-heading">Examples</h2>
      <p className="examples-lead">Questions that this graph can answer. Each is a query to run and to change.</p>
      <ul>
        {examples.map((example) => (
          <li key={example.name} aria-current={query === example.query.trim() || undefined} ref={query === example.query.trim() ? reveal : undefined}>
            <button
              type="button"
              className="examples-open"
              onClick={() => {
                open(example);
                chooseView(example.view);
                run();
              }}
            >
              {example.title}
            </button>
            <p>{example.explain}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Icon() {
  return (
    <svg viewBox="0 0 14 14" fill="none" stroke="currentColor" strokeWidth="1.2" aria-hidden="true">
      <path d="M1.5 3h2M1.5 7h2M1.5 11h2M5.5 3h7M5.5 7h7M5.5 11h5" strokeLinecap="round" />
    </svg>
  );
}

/** The gallery of example queries, as a pane of GraphiQL. */
export const EXAMPLES_PLUGIN: GraphiQLPlugin = { title: "Examples", icon: Icon, content: Gallery };

/** Shows the gallery and runs what the editors hold, once they are there: for an address that names an example. */
export function RunOnArrival(): null {
  const { run, setVisiblePlugin } = useGraphiQLActions();
  const ready = useGraphiQL((state) => Boolean(state.queryEditor && state.variableEditor && state.responseEditor));
  const done = useRef(false);
  useEffect(() => {
    if (!ready || done.current) return;
    done.current = true;
    if (isWide()) setVisiblePlugin(EXAMPLES_PLUGIN);
    run();
  }, [ready, run, setVisiblePlugin]);
  return null;
}
