import { expressionInterpreter } from "vega-interpreter";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Figure } from "./figure";
import { save } from "./table";

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

/** Draws a figure into an element, with its files, and returns how to take it away. Expressions are interpreted, so that the page needs no unsafe-eval. */
export async function showChart(host: HTMLElement, figure: Figure, label: string, fileName: string): Promise<() => void> {
  const colours = coloursOf(host);
  const spec = specOf(figure, Math.max(220, host.clientWidth), colours);
  const canvas = document.createElement("div");
  const runtime = vega.parse(compile(spec).spec, undefined, { ast: true });
  const view = new vega.View(runtime, { expr: expressionInterpreter, renderer: "canvas", container: canvas, loader: noLoader, hover: true });
  view.description(label);
  const bar = document.createElement("p");
  bar.className = "view-bar";
  const actions = document.createElement("span");
  actions.className = "actions";
  const offer = (kind: string, make: () => Promise<Blob>): void => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.addEventListener("click", () => {
      void make().then(
        (file) => save(file, `${fileName}.${kind.toLowerCase()}`),
        () => (button.textContent = `${kind} failed`),
      );
    });
    actions.append(button);
  };
  offer("PNG", () => view.toCanvas(2, { type: "canvas" }).then(pictureOf));
  offer("SVG", () => view.toSVG().then((text) => new Blob([text], { type: "image/svg+xml" })));
  bar.append(actions);
  host.replaceChildren(bar, canvas);
  await view.runAsync();
  return () => view.finalize();
}

function pictureOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
}

function specOf(figure: Figure, width: number, colours: Colours): TopLevelSpec {
  const labels = Math.min(340, width * 0.45);
  const shared = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: colours.paper,
    width: Math.max(120, width - labels - 50),
    config: {
      // Names that are no identifiers need quotes, or a canvas takes none of it.
      font: 'Inter, "Source Sans 3", system-ui, "Segoe UI", "Liberation Sans", sans-serif',
      axis: { labelColor: colours.ink, titleColor: colours.soft, gridColor: colours.line, domainColor: colours.line, tickColor: colours.line, labelLimit: labels, labelFontSize: 13, titleFontSize: 13, titleFontWeight: "normal" as const },
      legend: { labelColor: colours.ink, labelFontSize: 12, titleColor: colours.soft, titleFontSize: 12, titleFontWeight: "normal" as const },
      view: { stroke: null },
    },
  } as const;
  if (figure.kind === "ranking") {
    return {
      ...shared,
      height: { step: 24 },
      data: { values: [...figure.rows] },
      encoding: { y: { field: "label", type: "nominal", sort: null, title: null } },
      layer: [
        {
          mark: { type: "rule", color: colours.accent, opacity: 0.5, strokeWidth: 3 },
          encoding: { x: { field: "low", type: "quantitative", title: "Score, with its 95 % interval", scale: { domain: [0, 1] }, axis: { tickCount: 5, format: ".1f" } }, x2: { field: "high" } },
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
  // Slanted where they would run into each other.
  const room = shared.width / Math.max(1, figure.columns.length);
  const isCrowded = figure.columns.some((label) => label.length * 7 + 6 > room);
  return {
    ...shared,
    height: { step: 24 },
    data: { values: [...figure.cells] },
    encoding: {
      y: { field: "row", type: "nominal", sort: [...figure.rows], title: null },
      x: { field: "column", type: "ordinal", sort: [...figure.columns], title: null, axis: { labelAngle: isCrowded ? -40 : 0, orient: "top" } },
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
        mark: { type: "text", fontSize: 12 },
        encoding: { text: { field: "count" }, color: { condition: { test: `datum.share > ${flipAt(colours)}`, value: colours.paper }, value: colours.ink } },
      },
    ],
  } as TopLevelSpec;
}

/** The share from which paper is easier to read than ink on a cell between paper and accent. */
function flipAt(colours: Colours): number {
  const [paper, accent, ink] = [colours.paper, colours.accent, colours.ink].map(channels) as [number[], number[], number[]];
  for (let share = 0; share < 1; share += 0.01) {
    const ground = luminance(paper.map((value, i) => value + (accent[i]! - value) * share));
    if (contrast(ground, luminance(paper)) > contrast(ground, luminance(ink))) return share;
  }
  return 1;
}

/** The channels of "#rgb" or "#rrggbb", 0 to 255. */
function channels(colour: string): number[] {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
}

// Relative luminance and contrast, as WCAG 2 defines them.
function luminance(rgb: readonly number[]): number {
  const [r, g, b] = rgb.map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
