package seed

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"normgraph/graph/catalog"
)

// relationshipFiles names the files of relationship types with properties that
// are not called after the type.
var relationshipFiles = map[string]string{
	"CONTAINS":   "agreement_norms.csv",
	"SIGNED":     "signatures.csv",
	"RANKS":      "rankings.csv",
	"EXPRESSES":  "norm_mappings.csv",
	"RELATES_TO": "norm_mappings.csv",
}

// toNodeHas says which rows of a file that several relationship types share
// belong to one of them: those whose to node has this value. A type without an
// entry takes the other rows.
var toNodeHas = map[string]struct{ property, value string }{
	"EXPRESSES": {"level", "CORE_IDEA"},
}

// file is a CSV file that a corpus may have: the rows of one node type, or of
// relationship types with properties.
type file struct {
	name          string
	columns       []*column
	node          *catalog.Node
	relationships []*catalog.Relationship
	properties    []*catalog.Property // of the node type or of the relationships
	from, to      []*catalog.Node     // types of the ends of the relationships
}

// column is one of a property, a relation, or an end of a relationship.
type column struct {
	name     string
	property *catalog.Property
	index    int // position among the file's properties
	relation *catalog.Relation
	end      end
}

type end uint8

const (
	noEnd end = iota
	fromEnd
	toEnd
)

// layout lists the files of a corpus: those of the node types in catalog order,
// then those of the relationships. The error is one of the schema: it asks for
// two different things in one place.
func layout(cat *catalog.Catalog) ([]*file, error) {
	var files []*file
	byName := map[string]*file{}
	for _, n := range cat.Nodes {
		f := &file{name: snake(n.Plural) + ".csv", node: n, properties: n.Properties}
		f.addProperties()
		for _, rel := range n.Relations {
			if !rel.Relationship.Parallel() {
				f.columns = append(f.columns, &column{name: snake(rel.Field), relation: rel})
			}
		}
		if byName[f.name] != nil {
			return nil, &Clash{n.Name, "", fmt.Sprintf("types %s and %s would both be read from %s; give one another plural by @plural", byName[f.name].node.Name, n.Name, f.name)}
		}
		byName[f.name] = f
		files = append(files, f)
	}
	nodeFiles := len(files)
	for _, rel := range cat.Relationships {
		if !rel.Parallel() {
			continue
		}
		name := relationshipFiles[rel.Type]
		if name == "" {
			name = strings.ToLower(rel.Type) + ".csv"
		}
		f := byName[name]
		switch {
		case f == nil:
			f = &file{name: name, properties: rel.Properties}
			byName[name] = f
			files = append(files, f)
		case f.node != nil || f.relationships[0].PropertiesType != rel.PropertiesType:
			return nil, &Clash{rel.PropertiesType, "", fmt.Sprintf("relationship %s would be read from %s, which holds something else; rename the relationship", rel.Type, name)}
		}
		f.relationships = append(f.relationships, rel)
	}
	for _, f := range files[nodeFiles:] {
		f.addEnds()
		f.addProperties()
	}
	for _, f := range files {
		seen := map[string]bool{}
		for _, c := range f.columns {
			if seen[c.name] {
				return nil, f.clash(c)
			}
			seen[c.name] = true
		}
	}
	return files, nil
}

// Clash is a schema that asks for two different things in one file or column of
// a corpus folder.
type Clash struct {
	Type, Field string // where; Field may be ""
	message     string
}

func (c *Clash) Error() string { return c.message }

// CheckSchema finds out whether a corpus folder can hold data of the catalog.
func CheckSchema(cat *catalog.Catalog) *Clash {
	var clash *Clash
	_, err := layout(cat)
	if errors.As(err, &clash) {
		return clash
	}
	return nil
}

// clash is that of a column with one before it.
func (f *file) clash(c *column) *Clash {
	x := &Clash{message: fmt.Sprintf("%s would have two columns %s; rename the field", f.name, c.name)}
	if f.node != nil {
		x.Type = f.node.Name
	} else {
		x.Type = f.relationships[0].PropertiesType
	}
	switch {
	case c.property != nil:
		x.Field = c.property.Name
	case c.relation != nil:
		x.Field = c.relation.Field
	}
	return x
}

func (f *file) addProperties() {
	for i, p := range f.properties {
		f.columns = append(f.columns, &column{name: snake(p.Name), property: p, index: i})
	}
}

func (f *file) addEnds() {
	for _, rel := range f.relationships {
		for _, e := range rel.Ends {
			f.from, f.to = include(f.from, e.From), include(f.to, e.To)
		}
	}
	from, to := endName(f.from, "from"), endName(f.to, "to")
	if from == to {
		from, to = "from_"+from, "to_"+to
	}
	f.columns = append(f.columns, &column{name: from, end: fromEnd}, &column{name: to, end: toEnd})
}

func include(list []*catalog.Node, n *catalog.Node) []*catalog.Node {
	if slices.Contains(list, n) {
		return list
	}
	return append(list, n)
}

// endName is the column of an end: its type, or the side where it may be of
// several types.
func endName(types []*catalog.Node, side string) string {
	if len(types) == 1 {
		return snake(types[0].Name)
	}
	return side
}

// column returns the named column, or nil.
func (f *file) column(name string) *column {
	i := slices.IndexFunc(f.columns, func(c *column) bool { return c.name == name })
	if i < 0 {
		return nil
	}
	return f.columns[i]
}

func (f *file) columnNames() []string {
	names := make([]string, len(f.columns))
	for i, c := range f.columns {
		names[i] = c.name
	}
	return names
}

// needed reports whether every row must have a value in c. Relations are
// checked when all files are read, as either side may state them.
func (c *column) needed() bool {
	if c.property != nil {
		return c.property.NonNull && !c.property.List && c.property.YearOf == ""
	}
	return c.end != noEnd
}

// identifies reports whether c tells one row from another.
func (c *column) identifies() bool {
	return c.end != noEnd || c.property != nil && c.property.Name == "id"
}

// snake turns camelCase and PascalCase into snake_case: sourceURL becomes
// source_url.
func snake(name string) string {
	r := []rune(name)
	var b strings.Builder
	for i, c := range r {
		if unicode.IsUpper(c) && i > 0 && r[i-1] != '_' &&
			(!unicode.IsUpper(r[i-1]) || i+1 < len(r) && unicode.IsLower(r[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
