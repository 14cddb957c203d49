// <norm-graph document="…" variables='{…}' view="chart|table|graph" theme="light|dark">
// shows a live figure in a frame that grows with its content.
(() => {
  const script = document.currentScript as HTMLScriptElement | null;
  const address = script?.src ?? ownAddress();
  if (!address || customElements.get("norm-graph")) return;
  const origin = new URL(address).origin;

  class NormGraph extends HTMLElement {
    static readonly observedAttributes = ["document", "variables", "view", "theme", "title"];
    readonly #frame = document.createElement("iframe");
    readonly #resize = (event: MessageEvent): void => {
      const said = event.data as { type?: unknown; height?: unknown } | null;
      if (event.origin !== origin || event.source !== this.#frame.contentWindow || said?.type !== "normgraph:height") return;
      if (typeof said.height === "number" && said.height > 0 && said.height < 20_000) this.#frame.height = String(Math.ceil(said.height));
    };

    connectedCallback(): void {
      const frame = this.#frame;
      frame.loading = "lazy";
      frame.width = "100%";
      frame.height = "420";
      frame.style.border = "0";
      frame.style.display = "block";
      addEventListener("message", this.#resize);
      this.#load();
      this.append(frame);
    }

    disconnectedCallback(): void {
      removeEventListener("message", this.#resize);
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#load();
    }

    #load(): void {
      const target = new URL(`/embed/${encodeURIComponent(this.getAttribute("document") ?? "")}`, origin);
      for (const name of ["variables", "view", "theme"]) {
        const value = this.getAttribute(name);
        if (value) target.searchParams.set(name, value);
      }
      this.#frame.title = this.getAttribute("title") ?? "normgraph";
      if (this.#frame.src !== target.href) this.#frame.src = target.href;
    }
  }
  customElements.define("norm-graph", NormGraph);

  /** A module has no currentScript, and import.meta would keep this file from running as a plain script: of all scripts of that name, it is the one that runs here. */
  function ownAddress(): string | undefined {
    const named = [...new Set([...document.scripts].map((each) => each.src).filter((src) => /\/embed\.js(\?|$)/.test(src)))];
    const stack = new Error().stack ?? "";
    return named.find((src) => stack.includes(`${src}:`)) ?? (named.length === 1 ? named[0] : undefined);
  }
})();
