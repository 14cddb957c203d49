package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"normgraph/graph/catalog"
	"normgraph/graph/text"
)

// SearchTokens cuts the searched fields of a node into tokens: those of its
// names and titles, and those of the others. values are in the order of
// n.Properties. A separator keeps phrases from spanning two fields or elements.
func SearchTokens(n *catalog.Node, values []any) (name, body []string) {
	add := func(p *catalog.Property, s string) {
		column := &body
		if p.Search > 1 {
			column = &name
		}
		if len(*column) > 0 {
			*column = append(*column, text.Separator)
		}
		*column = append(*column, text.Tokens(p.Words(s))...)
	}
	for i, p := range n.Properties {
		if p.Search == 0 {
			continue
		}
		switch v := values[i].(type) {
		case string:
			add(p, v)
		case []string:
			for _, s := range v {
				add(p, s)
			}
		}
	}
	return name, body
}

// SearchForm changes when the tokens of some node do: with the fields that the
// schema has searched, and with the way text is cut.
func SearchForm(cat *catalog.Catalog) string {
	h := sha256.New()
	fmt.Fprintln(h, text.Version)
	for _, n := range cat.Nodes {
		for _, p := range n.Properties {
			if p.Search > 0 {
				fmt.Fprintln(h, n.Name, p.Name, p.Type, p.Search > 1)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
