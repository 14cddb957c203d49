// The schema of this service as the Neo4j GraphQL Library takes it.
import { Kind, parse, print, visit } from "graphql";

const PART_TWO = "# ==== Part 2";

/**
 * Turns schema.graphqls into type definitions for the library: without Part 2,
 * without `implements Node` (a name that it reserves), and with nullable
 * relations to one node (it refuses others).
 * @param {string} sdl the text of schema.graphqls
 * @returns {string} type definitions
 */
export function peerSDL(sdl) {
  const end = sdl.indexOf(PART_TWO);
  if (end < 0) {
    throw new Error(`schema.graphqls has no line "${PART_TWO}", where the part of this service alone begins`);
  }
  const domain = parse(sdl.slice(0, end));
  return print(
    visit(domain, {
      ObjectTypeDefinition: (type) => ({ ...type, interfaces: [] }),
      FieldDefinition(field) {
        const single = field.type.kind === Kind.NON_NULL_TYPE && field.type.type.kind === Kind.NAMED_TYPE;
        const relation = field.directives.some((d) => d.name.value === "relationship");
        return single && relation ? { ...field, type: field.type.type } : undefined;
      },
    }),
  );
}
