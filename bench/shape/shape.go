// Package shape holds the eight query shapes of the benchmark: for each the
// document, the same question in plain SQL and Cypher, the values it is asked
// with, and how answers are compared.
package shape

import "normgraph/documents"

// Shape is one kind of query.
type Shape struct {
	Name string
	What string // one line for the reader of the table
	// Document is asked of this service and of the dataloader server.
	Document string
	// Library is asked of the Neo4j GraphQL Library instead, if not "".
	Library string
	// SQL and Cypher read the same values as directly as the engines can, with
	// parameters of the names of Values.
	SQL, Cypher string
	// Own says that only this service answers it.
	Own bool
	// Group says that rows of this many values may come in any order; 0 says
	// that order counts.
	Group int
}

// Shapes are all shapes, in the order of the table.
var Shapes = []*Shape{Point, Page, Small, Large, Filter, Connection, Keyset, Search, Dashboard}

// Point reads one node by its id.
var Point = &Shape{
	Name: "point", What: "one agreement by id, ten fields",
	Document: `query Point($id: ID!) {
  agreements(where: { id: { eq: $id } }) { id title shortTitle date year kind convener url basis source }
}`,
	SQL: `SELECT id, title, shortTitle, date, year, kind, convener, url, basis, source FROM n_Agreement WHERE id = :id`,
	Cypher: `MATCH (a:NormgraphNode {id: $id}) WHERE a:Agreement
RETURN a.id, a.title, a.shortTitle, a.date, a.year, a.kind, a.convener, a.url, a.basis, a.source`,
}

// Page reads a page of nodes sorted by id.
var Page = &Shape{
	Name: "page", What: "50 signatories by id, with an offset",
	Document: `query Page($offset: Int!) {
  signatories(sort: [{ id: ASC }], limit: 50, offset: $offset) { id name kind country basis }
}`,
	SQL: `SELECT id, name, kind, country, basis FROM n_Signatory ORDER BY id LIMIT 50 OFFSET :offset`,
	Cypher: `MATCH (s:Signatory) WHERE s.id IS NOT NULL WITH s ORDER BY s.id SKIP $offset LIMIT 50
RETURN s.id, s.name, s.kind, s.country, s.basis`,
}

// Small and Large read three levels.
var (
	Small = nested("small", "3 agreements × 3 norms × 3 assessments", "3", "3", "3")
	Large = nested("large", "20 agreements × 10 norms × 5 assessments", "20", "10", "5")
)

func nested(name, what, first, second, third string) *Shape {
	return &Shape{
		Name: name, What: what,
		Document: `query Nested($offset: Int!) {
  agreements(sort: [{ id: ASC }], limit: ` + first + `, offset: $offset) {
    id title year
    norms(sort: [{ name: ASC }], limit: ` + second + `) {
      id name category
      assessments(sort: [{ id: ASC }], limit: ` + third + `) { id relevance mitigation }
    }
  }
}`,
		SQL: `SELECT json_group_array(json_array(id, title, year, (
  SELECT json_group_array(json_array(id, name, category, (
    SELECT json_group_array(json_array(id, relevance, mitigation)) FROM (
      SELECT s.id, s.relevance, s.mitigation FROM r_ASSESSES e CROSS JOIN n_Assessment s ON s.__key = e.__src
      WHERE e.__dst = n.__key ORDER BY s.id LIMIT ` + third + `)))) FROM (
    SELECT n.__key, n.id, n.name, n.category FROM (SELECT DISTINCT __dst FROM r_CONTAINS WHERE __src = a.__key) e
    CROSS JOIN n_Norm n ON n.__key = e.__dst ORDER BY n.name, n.id LIMIT ` + second + `) n)))
FROM (SELECT __key, id, title, year FROM n_Agreement ORDER BY id LIMIT ` + first + ` OFFSET :offset) a`,
		Cypher: `MATCH (a:Agreement) WHERE a.id IS NOT NULL WITH a ORDER BY a.id SKIP $offset LIMIT ` + first + `
RETURN a.id, a.title, a.year, COLLECT {
  MATCH (a)-[:CONTAINS]->(n) WITH DISTINCT n ORDER BY n.name, n.id LIMIT ` + second + `
  RETURN [n.id, n.name, n.category, COLLECT {
    MATCH (n)<-[:ASSESSES]-(s) WITH s ORDER BY s.id LIMIT ` + third + ` RETURN [s.id, s.relevance, s.mitigation] }] }`,
	}
}

// Filter keeps nodes by a property of related nodes.
var Filter = &Shape{
	Name: "filter", What: "20 agreements that some signatory of a country signed",
	Document: `query Filter($country: CountryCode!) {
  agreements(where: { signatories: { some: { country: { eq: $country } } } }, sort: [{ id: ASC }], limit: 20) { id title year }
}`,
	SQL: `SELECT id, title, year FROM n_Agreement a WHERE EXISTS (
  SELECT 1 FROM r_SIGNED e CROSS JOIN n_Signatory s ON s.__key = e.__src WHERE e.__dst = a.__key AND s.country = :country)
ORDER BY id LIMIT 20`,
	Cypher: `MATCH (a:Agreement) WHERE a.id IS NOT NULL AND EXISTS { (a)<-[:SIGNED]-(s) WHERE s.country = $country }
WITH a ORDER BY a.id LIMIT 20 RETURN a.id, a.title, a.year`,
}

// Connection reads a page of relationships and counts them all.
var Connection = &Shape{
	Name: "connection", What: "20 signatures of an agreement by name, with totalCount",
	Document: `query Connection($id: ID!) {
  agreements(where: { id: { eq: $id } }) {
    id
    signatoriesConnection(sort: [{ node: { name: ASC } }, { edge: { role: ASC } }], first: 20) {
      totalCount
      edges { properties { role } node { id name } }
    }
  }
}`,
	SQL: `SELECT id, (SELECT count(*) FROM r_SIGNED WHERE __dst = a.__key), (
  SELECT json_group_array(json_array(role, id, name)) FROM (
    SELECT e.role, s.id, s.name FROM r_SIGNED e CROSS JOIN n_Signatory s ON s.__key = e.__src
    WHERE e.__dst = a.__key ORDER BY s.name, e.role, s.id LIMIT 20))
FROM n_Agreement a WHERE id = :id`,
	Cypher: `MATCH (a:NormgraphNode {id: $id}) WHERE a:Agreement
RETURN a.id, COUNT { (a)<-[:SIGNED]-() }, COLLECT {
  MATCH (a)<-[e:SIGNED]-(s) WITH e, s ORDER BY s.name, e.role, s.id LIMIT 20 RETURN [e.role, s.id, s.name] }`,
}

// Keyset reads a page deep in a sorted connection.
var Keyset = &Shape{
	Name: "keyset", What: "50 incidents by year, behind a cursor far in",
	Document: `query Keyset($after: String) {
  incidentsConnection(sort: [{ year: ASC }, { id: ASC }], first: 50, after: $after) {
    edges { node { id name year } }
    pageInfo { hasNextPage }
  }
}`,
	SQL: `SELECT id, name, year FROM n_Incident WHERE (year, id) > (:year, :id) ORDER BY year, id LIMIT 50`,
	Cypher: `MATCH (i:Incident) WHERE i.year > $year OR i.year = $year AND i.id > $id
WITH i ORDER BY i.year, i.id LIMIT 50 RETURN i.id, i.name, i.year`,
}

// CursorDocument gives the cursor behind one incident, for Keyset.
const CursorDocument = `query Cursor($id: ID!) {
  incidentsConnection(where: { id: { eq: $id } }, sort: [{ year: ASC }, { id: ASC }], first: 1) { edges { cursor } }
}`

// Search finds nodes by a word.
var Search = &Shape{
	Name: "search", What: "incidents by one word that a few hold",
	Document: `query Search($query: String!) {
  search(query: $query, kinds: [Incident], first: 20) { edges { node { ... on Incident { id name } } } }
}`,
	Library: `query Search($query: String!) {
  incidentsByText(phrase: $query, first: 20) { edges { node { id name } } }
}`,
	SQL: `SELECT i.id, i.name FROM search f CROSS JOIN n_Incident i ON i.__key = f.rowid WHERE f.search MATCH :query ORDER BY i.id LIMIT 20`,
	Cypher: `CALL db.index.fulltext.queryNodes('normgraph_search', $query) YIELD node AS i WHERE i:Incident
WITH i ORDER BY i.id LIMIT 20 RETURN i.id, i.name`,
	Group: 2,
}

// Dashboard is a trusted document that pages and dashboards ask again and again:
// the ranking of core ideas with all intervals.
var Dashboard = &Shape{
	Name: "dashboard", What: "which core ideas recur, with intervals of score and rank",
	Document: recurring.Text, Own: true,
}

var recurring, _ = documents.Default().Find("what-recurs")

// What the library needs beyond the schema for Search.
const (
	LibrarySDL = `extend type Incident @fulltext(indexes: [
  { indexName: "bench_incident_text", fields: ["name", "summary"], queryName: "incidentsByText" }])`
	LibraryIndex = `CREATE FULLTEXT INDEX bench_incident_text IF NOT EXISTS FOR (n:Incident) ON EACH [n.name, n.summary]`
)
