import { expressionInterpreter } from "vega-interpreter";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Figure } from "./figure";

/** Colours of the page, for a chart. */
interface Colours {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly paper: string;
}

function coloursOf(host: HTMLElement): Colours {
  const style = getComputedStyle(host);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: read("--ink"), soft: read("--soft"), line: read("--line"), accent: read("--accent"), paper: read("--paper") };
}

// A figure is data: it asks nothing of another address.
const noLoader = vega.loader();
noLoader.load = () => Promise.reject(new Error("charts load nothing"));

/** Draws a figure into an element and returns how to take it away. Expressions are interpreted, so that the page needs no unsafe-eval. */
export async function showChart(host: HTMLElement, figure: Figure, label: string): Promise<() => void> {
  const colours = coloursOf(host);
  const spec = specOf(figure, Math.max(220, host.clientWidth), colours);
  const runtime = vega.parse(compile(spec).spec, undefined, { ast: true });
  const view = new vega.View(runtime, { expr: expressionInterpreter, renderer: "canvas", container: host, loader: noLoader, hover: true });
  view.description(label);
  await view.runAsync();
  return () => view.finalize();
}

function specOf(figure: Figure, width: number, colours: Colours): TopLevelSpec {
  const labels = Math.min(270, width * 0.45);
  const shared = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "transparent",
    width: Math.max(120, width - labels - 50),
    config: {
      font: "Inter, Source Sans 3, system-ui, Segoe UI, Liberation Sans, sans-serif",
      axis: { labelColor: colours.ink, titleColor: colours.soft, gridColor: colours.line, domainColor: colours.line, tickColor: colours.line, labelLimit: labels, labelFontSize: 12, titleFontWeight: "normal" as const },
      legend: { labelColor: colours.ink, titleColor: colours.soft, titleFontWeight: "normal" as const },
      view: { stroke: null },
    },
  } as const;
  if (figure.kind === "ranking") {
    return {
      ...shared,
      height: { step: 22 },
      data: { values: [...figure.rows] },
      encoding: { y: { field: "label", type: "nominal", sort: null, title: null } },
      layer: [
        {
          mark: { type: "rule", color: colours.accent, opacity: 0.5, strokeWidth: 3 },
          encoding: { x: { field: "low", type: "quantitative", title: "Score, with its 95 % interval", scale: { domain: [0, 1] } }, x2: { field: "high" } },
        },
        {
          mark: { type: "point", filled: true, color: colours.accent, size: 70, opacity: 1 },
          encoding: {
            x: { field: "score", type: "quantitative" },
            tooltip: [{ field: "label" }, { field: "rank" }, { field: "score", format: ".3f" }, { field: "low", format: ".3f" }, { field: "high", format: ".3f" }, { field: "incidents" }],
          },
        },
      ],
    } as TopLevelSpec;
  }
  return {
    ...shared,
    height: { step: 22 },
    data: { values: [...figure.cells] },
    encoding: {
      y: { field: "row", type: "nominal", sort: [...figure.rows], title: null },
      x: { field: "column", type: "ordinal", sort: [...figure.columns], title: null, axis: { labelAngle: -40, orient: "top" } },
    },
    layer: [
      {
        mark: { type: "rect", cornerRadius: 3, stroke: colours.paper, strokeWidth: 2 },
        encoding: {
          color: { field: "share", type: "quantitative", title: "share", scale: { domain: [0, 1], range: [colours.paper, colours.accent], interpolate: "rgb" }, legend: { orient: "bottom", direction: "horizontal" } },
          tooltip: [{ field: "row" }, { field: "column" }, { field: "count" }, { field: "share", format: ".0%" }],
        },
      },
      {
        transform: [{ filter: "datum.count > 0" }],
        mark: { type: "text", fontSize: 11 },
        encoding: { text: { field: "count" }, color: { condition: { test: "datum.share > 0.55", value: colours.paper }, value: colours.ink } },
      },
    ],
  } as TopLevelSpec;
}
