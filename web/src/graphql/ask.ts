import type { Documents } from "./types";

/** Why an answer did not come, in words for a reader. */
export class AskError extends Error {}

/** What an open page says when its data has moved: other figures beside its own would be of another revision. */
export const movedOn = "The data has changed since this page was loaded.";

/** The revision of an answer, or of the page that an element tells; undefined where it is not known. */
export function revisionOf(element: HTMLElement): number | undefined {
  const revision = Number(element.dataset["revision"]);
  return revision > 0 ? revision : undefined;
}

/**
 * Asks a trusted document of this origin, without cookies; variables that are left out take the document's defaults.
 * An answer of another revision than the given one is an error.
 */
export async function ask<Name extends keyof Documents>(
  name: Name,
  variables: Partial<Documents[Name]["variables"]>,
  revision: number | undefined,
): Promise<Documents[Name]["data"]> {
  const answer = await askAny(name, variables, revision);
  if (answer.errors?.[0]) throw new AskError(answer.errors[0].message);
  return answer.data as Documents[Name]["data"];
}

/** A response of the service. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: { readonly revision?: number };
}

/** Asks a document by any name; the answer is as the service gave it, at the given revision. */
export async function askAny(name: string, variables: object, revision: number | undefined): Promise<Answer> {
  const query = new URLSearchParams({ documentId: name, variables: JSON.stringify(variables) });
  if (revision !== undefined) query.set("revision", String(revision));
  let response: Response;
  try {
    response = await fetch(`/graphql?${query}`, {
      headers: { Accept: "application/graphql-response+json" },
      credentials: "omit",
    });
  } catch {
    throw new AskError("The service could not be reached.");
  }
  if (response.status === 410) throw new AskError(`${movedOn} Load it anew.`);
  if (!/^application\/(graphql-response\+)?json\b/.test(response.headers.get("Content-Type") ?? "")) {
    throw new AskError(`The service answered with status ${response.status}.`);
  }
  return response.json() as Promise<Answer>;
}
