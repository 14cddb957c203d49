import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import type { Answer } from "../graphql/ask";
import { keep } from "./latest";

const accept = "application/graphql-response+json, application/json;q=0.9";

/** Sends an operation to /graphql of this origin and returns the response body, which the views show too. */
export const fetcher: Fetcher = async (params: FetcherParams, options) => {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { ...options?.headers, Accept: accept, "Content-Type": "application/json" },
    body: JSON.stringify(params),
    credentials: "same-origin",
  });
  const type = response.headers.get("Content-Type") ?? "no content type";
  if (!/^application\/(graphql-response\+)?json\b/.test(type)) {
    throw new Error(`The service answered ${response.status} with ${type}; JSON was expected.`);
  }
  const answer = (await response.json()) as Answer;
  if (params.operationName !== "IntrospectionQuery") keep({ query: params.query, variables: params.variables, answer });
  return answer as Awaited<ReturnType<Fetcher>>;
};
