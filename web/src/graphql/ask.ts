import type { Documents } from "./types";

/** Why an answer did not come, in words for a reader. */
export class AskError extends Error {}

/** Asks a trusted document of this origin, without cookies; variables that are left out take the document's defaults. */
export async function ask<Name extends keyof Documents>(
  name: Name,
  variables: Partial<Documents[Name]["variables"]>,
  signal?: AbortSignal,
): Promise<Documents[Name]["data"]> {
  const answer = await askAny(name, variables, signal);
  if (answer.errors?.[0]) throw new AskError(answer.errors[0].message);
  return answer.data as Documents[Name]["data"];
}

/** A response of the service. */
export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
  readonly extensions?: { readonly revision?: number };
}

/** Asks a document by any name; the answer is as the service gave it. */
export async function askAny(name: string, variables: object, signal?: AbortSignal): Promise<Answer> {
  const query = new URLSearchParams({ documentId: name, variables: JSON.stringify(variables) });
  let response: Response;
  try {
    response = await fetch(`/graphql?${query}`, {
      headers: { Accept: "application/graphql-response+json" },
      credentials: "omit",
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new AskError("The service could not be reached.");
  }
  if (!/^application\/(graphql-response\+)?json\b/.test(response.headers.get("Content-Type") ?? "")) {
    throw new AskError(`The service answered with status ${response.status}.`);
  }
  return response.json() as Promise<Answer>;
}
