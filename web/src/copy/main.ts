// Puts a button beside each text that is there to be copied.
for (const text of document.querySelectorAll<HTMLPreElement>("main pre[tabindex]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => {
    void copy(text).then((said) => {
      button.textContent = said;
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
  });
  const around = document.createElement("div");
  around.className = "copied";
  text.replaceWith(around);
  around.append(text, button);
}

/** Copies, or selects where a page may not write to the clipboard, as over plain HTTP; says which. */
async function copy(text: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text.textContent);
    return "Copied";
  } catch {
    getSelection()?.selectAllChildren(text);
    return "Selected";
  }
}
