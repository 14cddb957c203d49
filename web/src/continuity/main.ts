import { evidence } from "./evidence";
import { fillRanks } from "./ranks";
import { moveByKeys } from "./keys";
import { offerPicture } from "./picture";

// The page is whole without this script. It brings evidence without a reload,
// arrow keys between cells, ranks that take longer to compute, and the PNG.
const heat = document.querySelector<HTMLTableElement>("#heat");
if (heat) {
  moveByKeys(heat);
  evidence(heat);
  void fillRanks(heat);
  offerPicture(heat);
}

// One filter is open at a time; Escape and a click elsewhere close it.
const chips = [...document.querySelectorAll<HTMLDetailsElement>(".chip")];
function closeChips(but?: EventTarget | null): void {
  for (const chip of chips) if (!(but instanceof Node && chip.contains(but))) chip.open = false;
}
for (const chip of chips) chip.addEventListener("toggle", () => chip.open && closeChips(chip));
document.addEventListener("click", (event) => closeChips(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = chips.find((chip) => chip.open);
  closeChips();
  open?.querySelector("summary")?.focus();
});
