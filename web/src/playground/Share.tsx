import { useEffect, useRef, useState } from "react";

interface Citations {
  readonly Text: string;
  readonly BibTeX: string;
  readonly CSL: string;
}

/** A permalink and citations of what is in the editors. */
export function Share({ address, revision }: { address: () => string; revision: number | undefined }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState("");
  const [shown, setShown] = useState<{ link: string; cite?: Citations; problem?: string }>();
  useEffect(() => {
    if (shown) dialog.current?.showModal();
  }, [shown]);
  const copy = async (): Promise<void> => {
    const path = address();
    history.replaceState(null, "", path);
    try {
      await navigator.clipboard.writeText(location.origin + path);
      setSaid("Link copied");
    } catch {
      setSaid("The link is in the address bar");
    }
  };
  const cite = async (): Promise<void> => {
    // The service adds the revision.
    const link = address().replace(/&revision=\d+/, "");
    const query = new URLSearchParams({ title: "Answer of a query", address: link });
    try {
      const response = await fetch(`/cite?${query}`, { credentials: "omit" });
      if (!response.ok) throw new Error(await response.text());
      setShown({ link, cite: (await response.json()) as Citations });
    } catch {
      setShown({ link, problem: "The citation could not be made: the link is too long, or the service is away." });
    }
  };
  return (
    <div className="share">
      <span role="status">{said}</span>
      {revision !== undefined && <span className="revision">revision {revision}</span>}
      <button type="button" onClick={() => void copy()}>
        Permalink
      </button>
      <button type="button" onClick={() => void cite()}>
        Cite
      </button>
      {shown && (
        <dialog ref={dialog} className="cite-dialog" aria-label="How to cite" onClose={() => setShown(undefined)}>
          <h2>How to cite</h2>
          {shown.problem && <p className="caveat">{shown.problem}</p>}
          {shown.cite && (
            <>
              <p className="citation">{shown.cite.Text}</p>
              <h3>BibTeX</h3>
              <pre tabIndex={0}>{shown.cite.BibTeX}</pre>
              <h3>CSL-JSON</h3>
              <pre tabIndex={0}>{shown.cite.CSL}</pre>
            </>
          )}
          <form method="dialog">
            <button type="submit">Close</button>
          </form>
        </dialog>
      )}
    </div>
  );
}
