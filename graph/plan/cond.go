package plan

import "normgraph/graph/catalog"

// Op is the operator of a condition.
type Op uint8

// The operators. Logic is three-valued: a comparison with a missing value is
// unknown, Not of unknown is unknown, a selection keeps only true. IsNull and
// Count are never unknown.
const (
	True  Op = iota // always true
	False           // always false
	And             // all of Kids; at least one
	Or              // any of Kids; at least one
	Not             // Kids[0]

	Eq         // Prop = Value; Value is never nil; for a list property Value is []any, compared in order
	Lt         // Prop < Value; text by code point
	Lte        //
	Gt         //
	Gte        //
	In         // Prop is one of Value.([]any), never empty
	Contains   // substring, case-sensitive
	StartsWith //
	EndsWith   //
	Includes   // the list property has the element Value
	IsNull     // Prop is missing
	Behind     // the values of Order, as a tuple, are greater than Value.([]any); Kids[0] says the same without tuples

	Exists // some relationship of Via leads to a node (and edge) for which Kids[0] is true; no Kids: any
	Count  // number of such relationships (or of distinct nodes) compared by Compare with Value.(int64)
)

// Cond is a condition on a node, or inside a connection or quantifier on a
// node and the relationship that led to it.
type Cond struct {
	Op    Op
	Kids  []*Cond
	Prop  *catalog.Property
	Edge  bool  // Prop belongs to the relationship
	Value any   // string, int64, float64, bool, or []any of these
	Order []Key // Behind: never null, all ascending

	Via      *catalog.Relation // Exists, Count
	Distinct bool              // Count: nodes, not relationships
	Compare  Op                // Count: Eq, Lt, Lte, Gt, Gte or In
}
