package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/bits"
	"strconv"

	"normgraph/graph/catalog"
)

// Content is the hash of a whole data set, built row by row in any order: the
// sum, modulo 2^256, of the SHA-256 of every row. Equal data give equal
// content, however a store came to hold them, and a row can be taken out again.
// The zero Content is that of no rows.
type Content struct {
	sum [4]uint64 // least significant word first
	buf []byte
}

// RowHash is the SHA-256 of one row.
type RowHash [sha256.Size]byte

// Node hashes a node's values, in the order of n.Properties (see NodeSet).
func (c *Content) Node(n *catalog.Node, values []any) RowHash {
	c.buf = strconv.AppendQuote(append(c.buf[:0], 'n'), n.Name)
	for i, p := range n.Properties {
		c.property(p, values[i])
	}
	return sha256.Sum256(c.buf)
}

// Edge hashes a relationship (see Edge).
func (c *Content) Edge(r *catalog.Relationship, e Edge) RowHash {
	c.buf = strconv.AppendQuote(append(c.buf[:0], 'e'), r.Type)
	for _, s := range [...]string{e.From, e.To, e.Key} {
		c.buf = strconv.AppendQuote(append(c.buf, ','), s)
	}
	for i, p := range r.Properties {
		c.property(p, e.Values[i])
	}
	return sha256.Sum256(c.buf)
}

// property appends name and value. A missing value leaves no trace, so that a
// new nullable property does not change the content of old data.
func (c *Content) property(p *catalog.Property, v any) {
	if v == nil {
		return
	}
	c.buf = append(append(append(c.buf, ','), p.Name...), '=')
	c.buf = appendValue(c.buf, v)
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return strconv.AppendQuote(b, v)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case float64:
		v += 0 // no store keeps -0 apart from 0
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case []string:
		return appendList(b, v)
	case []int64:
		return appendList(b, v)
	case []float64:
		return appendList(b, v)
	case []bool:
		return appendList(b, v)
	}
	panic("store: a data set holds a value that is no scalar or list")
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for _, v := range list {
		b = append(appendValue(b, v), ';')
	}
	return append(b, ']')
}

// Add puts a row in.
func (c *Content) Add(h RowHash) {
	var carry uint64
	for i := range c.sum {
		c.sum[i], carry = bits.Add64(c.sum[i], binary.LittleEndian.Uint64(h[8*i:]), carry)
	}
}

// Remove takes a row out.
func (c *Content) Remove(h RowHash) {
	var borrow uint64
	for i := range c.sum {
		c.sum[i], borrow = bits.Sub64(c.sum[i], binary.LittleEndian.Uint64(h[8*i:]), borrow)
	}
}

// Hex is the content of the rows put in so far together with corpus.
func (c *Content) Hex(corpus Corpus) string {
	b, err := json.Marshal(corpus)
	if err != nil {
		panic(err) // strings and lists of them
	}
	for _, w := range c.sum {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// ContentHash is the content of a data set: what a store's revision says after
// it was loaded into an empty store, or with LoadReplace.
func ContentHash(d *Dataset) string {
	c := ContentOf(d)
	return c.Hex(d.Corpus)
}

// ContentOf is the content of all rows of a data set.
func ContentOf(d *Dataset) Content {
	var c Content
	for _, s := range d.Nodes {
		for _, r := range s.Rows {
			c.Add(c.Node(s.Type, r))
		}
	}
	for _, s := range d.Edges {
		for _, e := range s.Rows {
			c.Add(c.Edge(s.Relationship, e))
		}
	}
	return c
}
