package plan

import "normgraph/graph/catalog"

// Func is an aggregate function that a store computes.
type Func uint8

// The functions. All but CountRows skip missing values; over nothing, Sum is 0,
// counts are 0 and the others are null. Sum is a Float.
const (
	CountRows Func = iota // nodes (distinct), or relationships
	CountSet              // values that are not missing
	Min
	Max
	Sum
	Shortest // least length in code points, ties by least code point
	Longest  // greatest length, ties by least code point
)

// Measure is one aggregate value of a connection, over all rows that pass Where.
type Measure struct {
	Func Func
	Prop *catalog.Property // nil for CountRows
}

// Measures are the aggregates of one connection: over its distinct nodes, and
// over its relationships.
type Measures struct {
	Node, Edge []Measure
}

// AggItem is one response key below `aggregate`: either Kids, or one value:
// Measure, divided by Divisor when that is not negative.
type AggItem struct {
	Alias, Field string
	Type         string    // type name of the composite; "" for a leaf
	Kids         []AggItem // composite
	Edge         bool      // leaf: index into Measures.Edge, else Measures.Node
	Measure      int       // leaf: index; -1 for __typename
	Divisor      int       // leaf: index, or -1
}
