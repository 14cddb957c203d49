import type * as Monaco from "monaco-graphql/esm/monaco-editor.js";

// What playground.css says as hsl() numbers, for the editor, which takes only hexadecimal.
const palettes = {
  LIGHT: { base: "vs", ground: "#fbfaf7", ink: "#1d2327", soft: "#1d232712", accent: "#0b5f69", argument: "#3f6f8f" },
  DARK: { base: "vs-dark", ground: "#1a2024", ink: "#e8e6e1", soft: "#e8e6e114", accent: "#5ec8ce", argument: "#9cc3dc" },
} as const;

/** Gives GraphiQL's two editor themes the colours of the other pages. */
export function defineEditorColours(monaco: typeof Monaco): void {
  for (const [name, palette] of Object.entries(palettes)) {
    const { base, ground, ink, soft, accent, argument } = palette;
    const selected = accent + "2e";
    monaco.editor.defineTheme(`graphiql-${name}`, {
      base,
      inherit: true,
      rules: [{ token: "argument.identifier.gql", foreground: argument.slice(1) }],
      colors: {
        "editor.background": "#ffffff00",
        "scrollbar.shadow": "#ffffff00",
        focusBorder: accent,
        "textLink.foreground": accent,
        "textLink.activeForeground": accent,
        "editorLink.activeForeground": accent,
        "editorHoverWidget.background": ground,
        "editorWidget.background": ground,
        "editorWidget.resizeBorder": accent,
        "input.background": soft,
        "list.hoverBackground": soft,
        "list.highlightForeground": accent,
        "list.focusHighlightForeground": accent,
        "editorSuggestWidget.background": ground,
        "editorSuggestWidget.selectedBackground": selected,
        "editorSuggestWidget.selectedForeground": ink,
        "menu.background": ground,
        "menu.selectionBackground": selected,
        "menu.selectionForeground": ink,
        "quickInput.background": ground,
        "quickInputList.focusBackground": selected,
        "quickInputList.focusForeground": ink,
        "pickerGroup.foreground": accent,
        "toolbar.hoverBackground": soft,
      },
    });
  }
}
