import { useSyncExternalStore } from "react";
import type { View } from "./examples";

let chosen: View = "json";
const listeners = new Set<() => void>();

/** Chooses how responses are looked at. */
export function chooseView(view: View): void {
  chosen = view;
  for (const listener of listeners) listener();
}

/** The chosen view, and how to choose another. */
export function useChosenView(): readonly [View, (view: View) => void] {
  const view = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
  return [view, chooseView];
}
