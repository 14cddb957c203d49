import { useSyncExternalStore } from "react";
import type { Answer } from "../graphql/ask";

/** The last operation that was run, and its answer. */
export interface Run {
  readonly query: string;
  readonly variables: unknown;
  readonly answer: Answer;
}

let last: Run | undefined;
const listeners = new Set<() => void>();

/** Keeps an answer for the views to show. */
export function keep(run: Run): void {
  last = run;
  for (const listener of listeners) listener();
}

/** The last run, of the component's life. */
export function useLatest(): Run | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => last,
  );
}
