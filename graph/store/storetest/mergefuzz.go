package storetest

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/store"
	"normgraph/seed"
)

// mergeFuzz loads generated folders by merge, one after the other, and compares
// what is stored with an oracle that knows cells alone. NORMGRAPH_MERGE_ROUNDS
// gives the number of folders.
func mergeFuzz(t *testing.T, open func(testing.TB) store.Store) {
	rounds := 12
	if n, err := strconv.Atoi(os.Getenv("NORMGRAPH_MERGE_ROUNDS")); err == nil {
		rounds = n
	}
	st := opened(t, open)
	g := &merging{r: rand.New(rand.NewPCG(1, uint64(rounds))), cells: cells{}, held: cells{}}
	for round := range rounds {
		folder := g.folder()
		var data *store.Dataset
		var base int64
		err := st.Read(t.Context(), func(rev store.Revision, rows store.Rows) error {
			if base = rev.Number; base == 0 {
				rows = nil
			}
			reading, err := seed.Check(folder, graph.Catalog(), rows)
			if err == nil {
				data = reading.Data
			}
			return err
		})
		if err != nil {
			t.Fatalf("round %d: %v\n%s", round, err, text(folder))
		}
		before := stored(t, st)
		if _, err := st.Load(t.Context(), data, store.LoadOptions{Mode: store.LoadMerge, Base: base}); err != nil {
			t.Fatalf("round %d: %v\n%s", round, err, text(folder))
		}
		if diff := gocmp.Diff(g.held, stored(t, st)); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s\nbefore: %v\n%s", round, diff, before, text(folder))
		}
		if again := must(t, st, data, store.LoadMerge); again.Changed {
			t.Fatalf("round %d merged again: %+v\n%s", round, again, text(folder))
		}
	}
}

// cells are the values that are not empty, by "record field".
type cells map[string]string

// table is a file that the fuzzer writes: its columns, of which the first ones
// identify a row and those marked with '!' are needed by new rows.
type table struct {
	file    string
	ids     []string // columns of ids; of two, the record is a relationship
	columns []string
}

var tables = []table{
	{"processes.csv", []string{"id"}, []string{"name!", "kind!", "convener", "start_year", "status!", "basis!", "note", "agreements*"}},
	{"agreements.csv", []string{"id"}, []string{"title!", "short_title!", "date!", "kind!", "convener", "legal_status!", "stakeholder_groups", "url", "basis!", "note", "process"}},
	{"signatories.csv", []string{"id"}, []string{"name!", "kind!", "country", "basis!", "source"}},
	{"contributions.csv", []string{"id"}, []string{"contributor!", "kind!", "date", "basis!", "note", "signatory", "agreements"}},
	{"questions.csv", []string{"id"}, []string{"number!", "text!", "basis!", "call!"}},
	{"calls.csv", []string{"id"}, []string{"name!", "year!", "kind!", "basis!", "note"}},
	{"signatures.csv", []string{"signatory", "agreement"}, []string{"role", "date", "basis!", "note", "source"}},
}

// choices are the values of columns that take no text.
var choices = map[string][]string{
	"processes.kind": {"group", "forum"}, "agreements.kind": {"TREATY", "BILATERAL"}, "signatories.kind": {"STATE", "COMPANY"},
	"contributions.kind": {"RESPONSE_TO_CALL"}, "calls.kind": {"CALL_FOR_CONTRIBUTIONS"}, "basis": {"SOURCED", "UNVERIFIED"},
	"status": {"ONGOING", "ENDED"}, "legal_status": {"BINDING", "TIED_TO_INTERNATIONAL_LAW"},
	"stakeholder_groups": {"GOVERNMENT", "ACADEMIA;GOVERNMENT", "CIVIL_SOCIETY"}, "role": {"SIGNATORY", "PARTY"},
	"date": {"2001", "2002-03", "2003-04-05"}, "start_year": {"1999", "2004"}, "year": {"2001", "2002"}, "number": {"1", "2"},
	"country": {"FR", "KE"}, "url": {"https://example.org/1", "https://example.org/2"},
}

// related are the columns of ids, and the file that they lead to.
var related = map[string]string{"process": "processes", "signatory": "signatories", "agreement": "agreements", "agreements": "agreements", "call": "calls"}

type merging struct {
	r     *rand.Rand
	cells cells // of the folder being made
	held  cells // what the store has to hold
}

// folder makes a folder and brings what the store has to hold up to date.
func (g *merging) folder() fstest.MapFS {
	fsys := fstest.MapFS{"corpus.json": {Data: []byte(`{"name":"fuzz","version":"1"}`)}}
	fromProcess := g.r.IntN(2) == 0 // which side states PART_OF
	type row struct {
		record string
		ids    []string
		fresh  bool
	}
	rows := map[string][]row{}
	named := map[string]bool{}
	for _, t := range tables {
		kind := strings.TrimSuffix(t.file, ".csv")
		for range 1 + g.r.IntN(4) { // at least one, so that all can be named
			id := fmt.Sprintf("%s-%d", kind, g.r.IntN(6))
			if len(t.ids) == 1 && !named[id] {
				named[id] = true
				rows[t.file] = append(rows[t.file], row{id, []string{id}, g.held[id+" id"] == ""})
			}
		}
	}
	for _, t := range tables {
		kind := strings.TrimSuffix(t.file, ".csv")
		if len(t.ids) == 2 {
			for range g.r.IntN(6) {
				from, to, role := g.any(t.ids[0], named), g.any(t.ids[1], named), g.pick(choices["role"])
				record := from + ">" + to + "|" + role
				if from != "" && to != "" && !named[record] {
					named[record] = true
					rows[t.file] = append(rows[t.file], row{record, []string{from, to, role}, g.held[record+" id"] == ""})
				}
			}
		}
		list := rows[t.file]
		if len(list) == 0 {
			continue
		}
		fresh := slices.ContainsFunc(list, func(r row) bool { return r.fresh })
		header := slices.Clone(t.ids)
		var columns []string
		for _, c := range t.columns {
			name := strings.TrimRight(c, "!*")
			switch {
			case name == "role":
				header = append(header, name)
			case strings.HasSuffix(c, "*") && !fromProcess, name == "process" && fromProcess:
			case fresh && strings.HasSuffix(c, "!") || g.r.IntN(2) == 0:
				columns = append(columns, c)
			}
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		line := header
		for _, c := range columns {
			line = append(line, strings.TrimRight(c, "!*"))
		}
		check(w.Write(line))
		taken := map[string]bool{} // agreements of a process
		for _, r := range list {
			line := slices.Clone(r.ids)
			g.held[r.record+" id"] = "yes"
			for _, c := range columns {
				name := strings.TrimRight(c, "!*")
				v := g.cell(kind, name, strings.HasSuffix(c, "!"), named)
				if strings.HasSuffix(c, "*") {
					var own []string
					for id := range strings.SplitSeq(v, ";") {
						if id != "" && !taken[id] {
							taken[id] = true
							own = append(own, id)
						}
					}
					v = strings.Join(own, ";")
					for k, at := range g.held {
						if strings.HasSuffix(k, " process") && at == r.record {
							delete(g.held, k)
						}
					}
				} else {
					g.set(r.record, name, v)
				}
				line = append(line, v)
				if strings.HasSuffix(c, "*") {
					for id := range strings.SplitSeq(v, ";") {
						if id != "" {
							g.cells[id] = r.record
						}
					}
				}
			}
			check(w.Write(line))
		}
		for id, process := range g.cells { // after all rows have given up theirs
			g.set(id, "process", process)
			delete(g.cells, id)
		}
		w.Flush()
		fsys[t.file] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return fsys
}

func (g *merging) set(record, field, value string) {
	if value == "" {
		delete(g.held, record+" "+field)
		return
	}
	g.held[record+" "+field] = value
}

func (g *merging) pick(list []string) string { return list[g.r.IntN(len(list))] }

// any is an id of the store or of the folder that the column may name, or "".
func (g *merging) any(column string, named map[string]bool) string {
	var ids []string
	for i := range 6 {
		id := fmt.Sprintf("%s-%d", related[column], i)
		if named[id] || g.held[id+" id"] != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return g.pick(ids)
}

func (g *merging) cell(kind, name string, needed bool, named map[string]bool) string {
	if !needed && g.r.IntN(3) == 0 {
		return ""
	}
	switch {
	case name == "agreements":
		ids := map[string]bool{}
		for range g.r.IntN(4) {
			if id := g.any(name, named); id != "" {
				ids[id] = true
			}
		}
		return strings.Join(sorted(ids), ";")
	case related[name] != "":
		return g.any(name, named)
	case choices[kind+"."+name] != nil:
		return g.pick(choices[kind+"."+name])
	case choices[name] != nil:
		return g.pick(choices[name])
	}
	return g.pick([]string{"one", "two", "three"}) + " " + name
}

func sorted(set map[string]bool) []string {
	var list []string
	for s := range set {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// stored is what the store holds, in the oracle's terms.
func stored(t *testing.T, st store.Store) cells {
	t.Helper()
	out := cells{}
	put := func(record string, props []*catalog.Property, values []any) {
		out[record+" id"] = "yes"
		for i, p := range props {
			if v := values[i]; p.Name != "id" && p.YearOf == "" && p.Name != "role" && v != nil {
				text := fmt.Sprint(v)
				if list, ok := v.([]string); ok {
					text = strings.Join(list, ";")
				}
				if text != "" {
					out[record+" "+snake(p.Name)] = text
				}
			}
		}
	}
	err := st.Read(t.Context(), func(rev store.Revision, rows store.Rows) error {
		if rev.Number == 0 {
			return nil
		}
		for _, n := range graph.Catalog().Nodes {
			if err := rows.Nodes(n, func(v []any) error { put(v[0].(string), n.Properties, v); return nil }); err != nil {
				return err
			}
		}
		for _, r := range graph.Catalog().Relationships {
			for _, ends := range r.Ends {
				err := rows.Edges(r, ends, func(e *store.Edge) error {
					switch r.Type {
					case "SIGNED":
						put(e.From+">"+e.To+"|"+e.Key, r.Properties, e.Values)
					case "PART_OF":
						out[e.From+" process"] += e.To
					case "ASKS":
						out[e.To+" call"] += e.From
					case "SUBMITTED":
						out[e.To+" signatory"] += e.From
					case "DISCUSSES":
						list := strings.Split(out[e.From+" agreements"], ";")
						list = append(list, e.To)
						slices.Sort(list)
						out[e.From+" agreements"] = strings.Trim(strings.Join(list, ";"), ";")
					}
					return nil
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func snake(name string) string {
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

func text(fsys fstest.MapFS) string {
	var b strings.Builder
	for _, t := range tables {
		if f := fsys[t.file]; f != nil {
			fmt.Fprintf(&b, "%s\n%s", t.file, f.Data)
		}
	}
	return b.String()
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
