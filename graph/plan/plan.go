// Package plan turns one GraphQL operation into one Plan: a tree of node
// selections with everything a store needs to answer it in one statement.
// It is pure: no store, no driver, no gqlgen types.
//
// The wire between a store and package row is positional. A row is a list of
// values in the order of the items that asked for them:
//
//	List, One     [row, …]                       row  = [item, …], or [object, item, …] with several Objects
//	Lookup        [[id, row], …]                 any order; unknown ids are missing
//	Connection    [[edge, …], total, measures]   edge = [key, …, part, …]; what was not asked for is null
//
// where object is the index into Objects (a row of Lookup always has it), an item is a
// scalar, a list of scalars, or the value of a nested Select by the same rules,
// a key is the value of one Sort key (only if Connection.Keys), and the parts
// are those of all Connection.Edges, flattened, in order (see EdgeItem).
// measures is [[node measure, …], [edge measure, …]].
package plan

import (
	"math"

	"normgraph/graph/catalog"
	"normgraph/graph/text"
)

// Plan is one operation: the root fields that read nodes, in response order, and
// those that the service computes or answers from the schema, which stores do not
// see.
type Plan struct {
	Roots         []*Select
	Computed      []*Field
	Introspection []*Field
	// Keys are the response keys of all root fields, introspection included, in
	// response order.
	Keys []string
	// MaxBytes bounds what a store that can count beforehand makes for one root;
	// 0: no bound.
	MaxBytes int64
	// Table says that whole tables are read for an analysis, which bounds their
	// rows itself.
	Table bool
	// Heavy says that by its cost the plan keeps a store busy for long.
	Heavy bool
}

// Form is the shape of the value that a selection gives.
type Form uint8

// The forms.
const (
	List       Form = iota // nodes in order, each once
	One                    // at most one node: a single relation, or a root by id
	Lookup                 // nodes by id, positions restored from IDs
	Connection             // one edge per relationship (or per node at the root)
)

// Everything as a Limit asks for all rows; only tables for analysis do, whose
// size is checked beforehand.
const Everything = math.MaxInt32

// Select reads nodes: of whole types at the root, across Via below it.
type Select struct {
	Alias string // response key
	Form  Form
	Via   *catalog.Relation // nil at the root
	// Nodes are the stored types to read, at least one; only Lookup and Search
	// have more.
	Nodes  []*catalog.Node
	IDs    []string // Lookup: at most one row per id; may repeat
	Single bool     // Lookup: the response is one node or null, not a list
	Search *Search  // root connection by full text
	Where  *Cond    // nil: all
	// Sort is a total order: it ends with the id and, for connections over
	// relationships that may be parallel, with the edge's key.
	Sort []Key
	// Limit is the number of rows to read, or Everything. When Page < Limit, the
	// row beyond the page only tells that there are more.
	Limit, Offset int
	Page          int
	// ByDefault says that the client gave no page size.
	ByDefault bool

	Objects    []*Object // List, One, Lookup: one per type of Nodes, same order
	Connection *Conn     // Connection
}

// Object is the shape of one response object of one stored type.
type Object struct {
	Node  *catalog.Node
	Items []Item // response keys, in response order
}

// Item is one response key of an object: exactly one of Prop and Select is
// set; both nil means __typename, which is not on the wire.
type Item struct {
	Alias  string
	Prop   *catalog.Property
	Select *Select
}

// Conn is the shape of a connection. Fields that were not selected are not read.
type Conn struct {
	Type  string     // GraphQL type name
	Items []ConnItem // response keys, in response order
	Edges []*Edge    // one per response key `edges`
	// Rows says that edges are read at all: for Edges, or for pageInfo.
	Rows bool
	// Keys says that the values of Sort travel with each edge, for cursors.
	Keys bool
	// Total says that the number of all edges is asked for.
	Total bool
	// Continued says that `after` was given; After is then the condition that an
	// edge stands behind it (Search carries its own). It narrows the edges, not
	// the total and the measures.
	Continued bool
	After     *Cond
	// Measures are nil when no aggregate is asked for.
	Measures *Measures
	// Fingerprint binds cursors to type, relation and sort.
	Fingerprint string
}

// ConnItem is one response key of a connection.
type ConnItem struct {
	Alias, Field string     // edges, pageInfo, totalCount, aggregate, __typename
	Edge         *Edge      // edges
	PageInfo     []LeafItem // pageInfo
	Aggregate    []AggItem  // aggregate
	Type         string     // type name of the composite fields
}

// Edge is the shape of one edge of a connection.
type Edge struct {
	Alias string // response key
	Type  string // GraphQL type name
	Items []EdgeItem
}

// EdgeItem is one response key of an edge. Its part on the wire: node is a row
// (with the object's index when there are several Objects); properties is a
// list of its scalars; score is an integer; snippet is [object, text, …], the
// node's searched fields in catalog order; cursor and __typename have none.
type EdgeItem struct {
	Alias, Field string    // node, cursor, properties, score, snippet, __typename
	Objects      []*Object // node
	Properties   []Item    // properties: Prop only
	Type         string    // type name of properties
}

// LeafItem is one response key whose value is computed, by field name.
type LeafItem struct{ Alias, Field string }

// Key is one ORDER BY term. Nulls sort last ascending and first descending.
type Key struct {
	Prop *catalog.Property
	Edge bool // a property of the relationship, or its key
	Desc bool
}

// Search is a full-text condition. Terms are and-ed.
type Search struct {
	Terms []text.Term
	// After is the position to continue behind; nil for the first page.
	After *SearchPosition
	// Snippet says that some edge asks for a snippet.
	Snippet bool
}

// SearchPosition is where a page of search results ended: results are ordered
// by score descending, then by kind and by id ascending.
type SearchPosition struct {
	Score    int
	Kind, ID string
}
