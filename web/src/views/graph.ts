import cytoscape from "cytoscape";
import { ask, AskError } from "../graphql/ask";
import { findNodes, type GraphLink, type GraphNode } from "./nodes";
import { save } from "./table";

/** How a kind looks: a shape and a colour of the page, never colour alone (server/pages/brief.go says the same). */
const looks: Record<string, readonly [cytoscape.Css.NodeShape, string]> = {
  Agreement: ["rectangle", "--k1"],
  Norm: ["ellipse", "--k2"],
  Incident: ["triangle", "--k3"],
  Assessment: ["diamond", "--k4"],
  Signatory: ["hexagon", "--k5"],
  Coder: ["diamond", "--k6"],
  Process: ["rectangle", "--k6"],
  Contribution: ["triangle", "--k6"],
};
const look = (kind: string): readonly [cytoscape.Css.NodeShape, string] => looks[kind] ?? ["ellipse", "--k6"];

const most = 600;

/**
 * Draws the nodes of an answer into an element and returns how to take them away. A double click, or the list and its button,
 * brings a node's neighbours at the answer's revision.
 */
export function showGraph(host: HTMLElement, data: unknown, fileName: string, revision: number | undefined): () => void {
  const found = findNodes(data);
  if (found.nodes.length === 0) {
    const p = document.createElement("p");
    p.className = "empty";
    p.textContent = "The answer holds no node: select __typename and id to see one here.";
    host.replaceChildren(p);
    return () => undefined;
  }
  const style = getComputedStyle(host);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const bar = document.createElement("div");
  bar.className = "view-bar";
  const legend = document.createElement("ul");
  legend.className = "legend";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const canvas = document.createElement("div");
  canvas.className = "graph-canvas";
  canvas.setAttribute("role", "img");
  const actions = document.createElement("span");
  actions.className = "actions";
  bar.append(legend, said, actions);
  host.replaceChildren(bar, canvas);

  const cy = cytoscape({
    container: canvas,
    style: [
      {
        selector: "node",
        style: {
          label: "data(label)",
          shape: "data(shape)" as unknown as cytoscape.Css.NodeShape,
          "background-color": "data(colour)",
          width: 16,
          height: 16,
          color: colour("--ink"),
          "text-wrap": "ellipsis",
          "text-valign": "bottom",
          "text-margin-y": 3,
          "text-background-color": colour("--paper"),
          "text-background-opacity": 0.8,
          "min-zoomed-font-size": 6,
        },
      },
      { selector: "node:selected", style: { "border-width": 3, "border-color": colour("--ink") } },
      {
        selector: "edge",
        style: { width: 1, "line-color": colour("--soft"), "line-opacity": 0.45, "curve-style": "straight", "target-arrow-shape": "none" },
      },
      {
        selector: "edge:selected",
        style: { label: "data(label)", "font-size": 9, color: colour("--soft"), "line-color": colour("--accent"), "text-rotation": "autorotate" },
      },
    ],
  });

  const add = (nodes: readonly GraphNode[], links: readonly GraphLink[], around?: cytoscape.NodeSingular): number => {
    const before = cy.nodes().length;
    const at = around?.position();
    cy.batch(() => {
      for (const node of nodes) {
        if (cy.getElementById(node.id).nonempty() || cy.nodes().length >= most) continue;
        const [shape, name] = look(node.kind);
        cy.add({ group: "nodes", data: { ...node, shape, colour: colour(name) }, ...(at ? { position: { x: at.x + Math.random(), y: at.y + Math.random() } } : {}) });
      }
      for (const link of links) {
        const id = `${link.from}→${link.to}:${link.label}`;
        const ends = cy.getElementById(link.from).nonempty() && cy.getElementById(link.to).nonempty();
        if (ends && cy.getElementById(id).empty()) cy.add({ group: "edges", data: { id, source: link.from, target: link.to, label: link.label } });
      }
    });
    return cy.nodes().length - before;
  };
  const layOut = (): void => {
    cy.layout({ name: "cose", animate: false, nodeDimensionsIncludeLabels: true, idealEdgeLength: () => 80, nodeRepulsion: () => 12000, padding: 24 } as cytoscape.LayoutOptions).run();
    lieDown();
    frame();
  };
  const areFew = (): boolean => cy.nodes().length <= 40;
  const frame = (): void => {
    cy.fit(undefined, 24);
    if (cy.zoom() > 1.3) {
      cy.zoom(1.3);
      cy.center();
    }
    // Few labels are readable however far away the whole is.
    const size = areFew() ? Math.min(12 / cy.zoom(), 40) : 10;
    cy.nodes().style({ "font-size": size, "text-max-width": `${size * 15}px` });
  };
  const arrange = (): void => {
    layOut();
    if (areFew()) layOut(); // with room for the larger labels
    tell();
  };
  /** Turns a picture that stands in a wide place, or lies in a high one. */
  const lieDown = (): void => {
    const box = cy.nodes().boundingBox({ includeLabels: false });
    if (box.w > box.h === canvas.clientWidth > canvas.clientHeight) return;
    cy.nodes().positions((node) => ({ x: node.position().y, y: node.position().x }));
  };
  const tell = (): void => {
    const kinds = [...new Set(cy.nodes().map((node) => node.data("kind") as string))].sort();
    legend.replaceChildren(
      ...kinds.map((kind) => {
        const item = document.createElement("li");
        item.append(mark(kind, colour(look(kind)[1])), kind);
        return item;
      }),
    );
    canvas.setAttribute("aria-label", `${cy.nodes().length} nodes and ${cy.edges().length} links; the table says the same in words`);
    said.textContent = `${cy.nodes().length} nodes`;
    const kept = choice.value;
    const all = cy.nodes().map((node) => [node.id(), node.data("label") as string] as const);
    all.sort((a, b) => a[1].localeCompare(b[1]));
    choice.replaceChildren(...all.map(([id, label]) => new Option(label, id, false, id === kept)));
  };
  const grow = async (node: cytoscape.NodeSingular): Promise<void> => {
    said.textContent = `Looking around ${node.data("label") as string} …`;
    try {
      const answer = await ask("around-a-node", { id: node.id(), first: 40, depth: 1 }, revision);
      const near = findNodes(answer);
      const added = add(near.nodes, near.links, node);
      arrange();
      if (answer.neighborhood.truncated) said.textContent = `${cy.nodes().length} nodes; more are around ${node.data("label") as string}`;
      else if (added === 0) said.textContent = "Nothing more is around this node.";
    } catch (error) {
      said.textContent = error instanceof AskError ? error.message : "The neighbours could not be loaded.";
    }
  };
  cy.on("dbltap", "node", (event) => void grow(event.target as cytoscape.NodeSingular));

  const button = (text: string, act: () => void): void => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    actions.append(made);
  };
  // The picture cannot be walked by keys: this list can.
  const choice = document.createElement("select");
  choice.setAttribute("aria-label", "Node to grow");
  actions.append(choice);
  choice.addEventListener("change", () => {
    cy.elements().unselect();
    cy.getElementById(choice.value).select();
  });
  cy.on("select", "node", (event) => {
    choice.value = (event.target as cytoscape.NodeSingular).id();
  });
  button("Grow", () => {
    const chosen = cy.getElementById(choice.value);
    if (chosen.nonempty()) void grow(chosen as unknown as cytoscape.NodeSingular);
  });
  button("PNG", () => void cy.png({ output: "blob-promise", bg: colour("--paper"), scale: 2, full: true }).then((picture) => save(picture, `${fileName}.png`)));
  button("SVG", () => save(new Blob([toSVG(cy, colour("--paper"), colour("--ink"), colour("--line"))], { type: "image/svg+xml" }), `${fileName}.svg`));

  add(found.nodes, found.links);
  arrange();
  const resized = new ResizeObserver(() => {
    cy.resize();
    frame();
  });
  resized.observe(canvas);
  return () => {
    resized.disconnect();
    cy.destroy();
  };
}

const paths: Partial<Record<cytoscape.Css.NodeShape, string>> = {
  rectangle: "M-7-7H7V7H-7z",
  triangle: "M0-8L8 7H-8z",
  diamond: "M0-9L9 0L0 9L-9 0z",
  hexagon: "M-8 0L-4-7H4L8 0L4 7H-4z",
  ellipse: "M-8 0A8 8 0 1 0 8 0A8 8 0 1 0-8 0z",
};

function mark(kind: string, colour: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "-10 -10 20 20");
  svg.setAttribute("width", "13");
  svg.setAttribute("height", "13");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", paths[look(kind)[0]] ?? "");
  path.setAttribute("fill", colour);
  svg.append(path);
  return svg;
}

function toSVG(cy: cytoscape.Core, paper: string, ink: string, line: string): string {
  const space = "http://www.w3.org/2000/svg";
  const box = cy.elements().boundingBox();
  const root = document.implementation.createDocument(space, "svg");
  const svg = root.documentElement;
  const pad = 20;
  svg.setAttribute("viewBox", [box.x1 - pad, box.y1 - pad, box.w + 2 * pad, box.h + 2 * pad].map(Math.round).join(" "));
  const make = (name: string, attributes: Record<string, string | number>, text?: string): void => {
    const element = root.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    svg.append(element);
  };
  make("rect", { x: box.x1 - pad, y: box.y1 - pad, width: box.w + 2 * pad, height: box.h + 2 * pad, fill: paper });
  for (const edge of cy.edges().toArray()) {
    const [a, b] = [edge.source().position(), edge.target().position()];
    make("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: line });
  }
  for (const node of cy.nodes().toArray()) {
    const { x, y } = node.position();
    make("path", { d: paths[node.data("shape") as cytoscape.Css.NodeShape] ?? "", transform: `translate(${x} ${y})`, fill: node.data("colour") as string });
    make("text", { x, y: y + 20, "text-anchor": "middle", "font-size": 12, "font-family": "sans-serif", fill: ink }, node.data("label") as string);
  }
  return new XMLSerializer().serializeToString(root);
}
