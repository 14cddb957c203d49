// Package catalog reads the directives of schema.graphqls once into typed
// values: which types are stored, what they hold, how they are related.
// Everything behind the API (planner, stores, loader) talks to the catalog and
// never to schema directives.
package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Catalog is the stored part of a schema. Slices are in SDL order.
type Catalog struct {
	Nodes         []*Node
	Relationships []*Relationship
	Enums         []*Enum

	nodes         map[string]*Node
	relationships map[string]*Relationship
}

// Node is a stored object type: one row (SQLite) or one label (Neo4j) per type.
type Node struct {
	Name       string // GraphQL type name, "WorkPackage"
	Singular   string // "workPackage"
	Plural     string // root field name, "workPackages"
	Index      int    // position in Catalog.Nodes
	Properties []*Property
	Relations  []*Relation
	// Key are the fields that no two nodes may share all of; nil for none but id.
	Key []KeyField

	properties map[string]*Property
	relations  map[string]*Relation
}

// KeyField is a field of a node's key: a property, or a relation to one node.
type KeyField struct {
	Property *Property
	Relation *Relation
}

// Name is that of the GraphQL field.
func (k KeyField) Name() string {
	if k.Property != nil {
		return k.Property.Name
	}
	return k.Relation.Field
}

// Kind is the scalar family of a property.
type Kind uint8

// The scalar families. Date, URL, Country and Enum are stored as text.
const (
	ID Kind = iota
	String
	Int
	Float
	Boolean
	Date // PartialDate: YYYY, YYYY-MM or YYYY-MM-DD; text order is time order
	DateTime
	URL
	Country
	Enum_
)

// Text reports whether values of the kind are stored as text.
func (k Kind) Text() bool { return k != Int && k != Float && k != Boolean }

// Property is a stored scalar of a node or of a relationship.
type Property struct {
	Name    string // GraphQL field name, also the stored name
	Type    string // GraphQL scalar or enum name
	Kind    Kind
	Enum    *Enum // only for Kind Enum_
	List    bool
	NonNull bool
	// Search is the weight of the field in full-text search; 0 is not searched.
	Search int
	// YearOf names the Date property this Int is derived from at load; "" for none.
	YearOf string
}

// Indexed reports whether nodes are worth finding and sorting by p through an
// index. Long text, lists and booleans are not; ids have an index of their own.
func (p *Property) Indexed() bool {
	switch {
	case p.List, p.Name == "id":
		return false
	case p.Kind == String:
		return p.Search > 1 // names and titles
	}
	return p.Kind != Boolean && p.Kind != URL
}

// Bounds on stored text, in bytes. An index of Neo4j takes no key of more than
// 8,167, an id beside a name included; a cursor holds the values of sort keys.
const (
	maxID   = 200
	maxName = 4_000
	maxText = 200_000
)

// MaxBytes bounds a text value of p, or an element of a list: ids least, names,
// titles, addresses and elements of lists next, other text most.
func (p *Property) MaxBytes() int {
	switch {
	case p.Kind == ID:
		return maxID
	case p.Kind == String && p.Search < 2 && !p.List:
		return maxText
	}
	return maxName
}

// Enum is an enumeration used by stored properties.
type Enum struct {
	Name   string
	Values []string
}

// Has reports whether v is a value of e.
func (e *Enum) Has(v string) bool {
	for _, x := range e.Values {
		if x == v {
			return true
		}
	}
	return false
}

// Relationship is a stored relationship type: one edge table, one Neo4j type.
type Relationship struct {
	Type       string // "SIGNED"
	Index      int    // position in Catalog.Relationships
	Ends       []Ends // the pairs of node types it joins, at least one
	Properties []*Property
	// PropertiesType is the GraphQL type of Properties, "" when there are none.
	PropertiesType string
	// Key are the properties that tell parallel relationships apart, in the order
	// of Properties.
	Key []*Property

	properties map[string]*Property
}

// Ends is one pair of node types that a relationship joins.
type Ends struct{ From, To *Node }

// Parallel reports whether several relationships of the type may join the same
// two nodes. They are told apart by their stored key.
func (r *Relationship) Parallel() bool { return len(r.Properties) > 0 }

// KeyOf is the identity of a relationship among those that join the same two
// nodes, readable and stable: the values of its key, unknown ones at the end left
// out, joined by '|'. A '|' or '\' within a value has a '\' before it. values
// stand in the order of Properties.
func (r *Relationship) KeyOf(values []any) string {
	var parts []string
	length := 0
	for i, p := range r.Properties {
		if !slices.Contains(r.Key, p) {
			continue
		}
		part := ""
		if values[i] != nil {
			part = escape.Replace(keyText(values[i]))
		}
		if parts = append(parts, part); part != "" {
			length = len(parts)
		}
	}
	return strings.Join(parts[:length], "|")
}

var escape = strings.NewReplacer(`\`, `\\`, `|`, `\|`)

func keyText(v any) string {
	if list, ok := v.([]string); ok {
		return strings.Join(list, ";")
	}
	return fmt.Sprint(v)
}

// Property returns the named relationship property, or nil.
func (r *Relationship) Property(name string) *Property { return r.properties[name] }

// Relation is a field of a node that traverses a relationship.
type Relation struct {
	Field        string // GraphQL field name
	Owner        *Node
	Target       *Node
	Relationship *Relationship
	Out          bool // from owner to target
	List         bool
	NonNull      bool // for a single relation: exactly one
}

// Node returns the named node type, or nil.
func (c *Catalog) Node(name string) *Node { return c.nodes[name] }

// Relationship returns the named relationship type, or nil.
func (c *Catalog) Relationship(typ string) *Relationship { return c.relationships[typ] }

// Property returns the named property, or nil.
func (n *Node) Property(name string) *Property { return n.properties[name] }

// Relation returns the named relation field, or nil.
func (n *Node) Relation(field string) *Relation { return n.relations[field] }

// EdgeKey is the stored identity of a relationship: its row in the corpus. It
// orders parallel relationships and is never shown to clients.
var EdgeKey = &Property{Name: "key", Type: "String", Kind: String, NonNull: true}
