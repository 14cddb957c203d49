// The Neo4j GraphQL Library behind Apollo Server, over the data that this
// service keeps in Neo4j: the oracle of peer_test.go and the peer of the
// benchmark. See README.md.
import { readFileSync } from "node:fs";

import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

import { peerSDL } from "./sdl.js";
import { traced } from "./trace.js";

// PEER_SDL adds to the type definitions, PEER_TRACE prints statements; both are
// for the benchmark.
const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD = "", PORT = "0", PEER_SDL = "", PEER_TRACE } = process.env;
if (!NEO4J_URI) {
  console.error("NEO4J_URI is not set; expected the address of the Neo4j to read, like bolt://127.0.0.1:7687");
  process.exit(1);
}

const auth = NEO4J_USER ? neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD) : undefined;
const plain = neo4j.driver(NEO4J_URI, auth);
const driver = PEER_TRACE ? traced(plain) : plain;
const typeDefs = peerSDL(readFileSync(new URL("../../schema.graphqls", import.meta.url), "utf8")) + "\n" + PEER_SDL;
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema, introspection: true });
const { url } = await startStandaloneServer(server, {
  listen: { host: "127.0.0.1", port: Number(PORT) },
  context: async ({ req }) => ({ req }),
});
console.log(url);

// Ends with its parent: a closed standard input is the word to stop.
async function stop() {
  await server.stop();
  await driver.close();
  process.exit(0);
}
process.stdin.resume().once("end", stop);
process.once("SIGTERM", stop).once("SIGINT", stop);
