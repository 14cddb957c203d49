package store

import "normgraph/graph/catalog"

// Dataset is a validated data set ready to be loaded. Its types are those of the
// store's catalog.
type Dataset struct {
	Corpus Corpus
	Nodes  []NodeSet // one per stored type, catalog order
	Edges  []EdgeSet // one per relationship type and pair of ends
	// Relations are those that every row of their owner states: a merge leaves a
	// row no other related nodes. Only Merge looks at them.
	Relations []*catalog.Relation
}

// NodeSet holds the rows of one stored type. A row's values stand in the order
// of Type.Properties: nil, string, int64, float64, bool, or for lists []string,
// []int64, []float64 or []bool. Rows are unique by id.
type NodeSet struct {
	Type *catalog.Node
	Rows [][]any
	// Columns tells which properties the rows state; nil says all. Only Merge
	// looks at it: without one, what is not stated is missing.
	Columns []bool
}

// EdgeSet holds relationships of one type between one pair of node types,
// unique by (From, To, Key).
type EdgeSet struct {
	Relationship *catalog.Relationship
	Ends         catalog.Ends
	Rows         []Edge
	Columns      []bool // as in NodeSet
}

// Edge is one relationship: the ids of its ends, the identity of its row in
// the corpus ("" when the type is not parallel), and its property values in the
// order of Relationship.Properties, as in NodeSet.
type Edge struct {
	From, To, Key string
	Values        []any
}
