import { movedOn, revisionOf } from "../graphql/ask";

/** Offers the figure as PNG, drawn from the SVG that the service sends. */
export function offerPicture(table: HTMLTableElement): void {
  const link = document.querySelector<HTMLAnchorElement>("#png");
  if (!link) return;
  link.hidden = false;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const address = new URL(link.href);
    const revision = revisionOf(table);
    if (revision !== undefined) address.searchParams.set("revision", String(revision));
    void draw(address).then(save, (error: unknown) => {
      link.textContent = error instanceof MovedError ? `PNG failed: ${movedOn.toLowerCase()}` : "PNG failed";
    });
  });
}

class MovedError extends Error {}

async function draw(address: URL): Promise<Blob> {
  const response = await fetch(address);
  if (response.status === 410) throw new MovedError();
  if (!response.ok) throw new Error(`status ${response.status}`);
  const svg = await response.blob();
  const source = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement("canvas");
    const scale = 2;
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas");
    context.scale(scale, scale);
    context.drawImage(image, 0, 0);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(source);
  }
}

function save(picture: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = "continuity.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
