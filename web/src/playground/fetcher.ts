import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import type { Answer } from "../graphql/ask";
import { exampleOfQuery } from "./examples";
import { keep } from "./latest";

/** An unchanged example is asked by its hash: a service may answer nothing else. Its defaults would fill a variable that was taken away. */
function trusted({ query, ...params }: FetcherParams): object {
  const example = exampleOfQuery(query);
  const given = Object.keys((params.variables as object | undefined) ?? {});
  const isWhole = example && Object.keys(JSON.parse(example.variables || "{}") as object).every((name) => given.includes(name));
  return isWhole ? { ...params, documentId: example.hash } : { query, ...params };
}

const accept = "application/graphql-response+json, application/json;q=0.9";

/** Sends an operation to /graphql of this origin and returns the response body, which the views show too. */
export const fetcher: Fetcher = async (params: FetcherParams, options) => {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { ...options?.headers, Accept: accept, "Content-Type": "application/json" },
    body: JSON.stringify(trusted(params)),
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
