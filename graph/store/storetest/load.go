package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/graph/oracle/generate"
	"normgraph/graph/plan"
	"normgraph/graph/store"
)

func expect(tb testing.TB, what string, err error, want store.Code) {
	tb.Helper()
	if got := store.CodeOf(err); got != want {
		tb.Errorf("%s: want code %s, got %q (%v)", what, want, got, err)
	}
}

func empty(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	_, err := st.Query(t.Context(), &plan.Plan{})
	expect(t, "Query of an empty store", err, store.Unavailable)
	_, err = st.Info(t.Context())
	expect(t, "Info of an empty store", err, store.Unavailable)
}

// small is a data set with two relations, one of them parallel.
func small() *builder {
	return build().
		node("Process", "p1", values{"name": "Process"}).
		node("Agreement", "a1", values{"title": "First", "shortTitle": "1", "year": 2001, "date": "2001-02", "convener": "UN"}).
		node("Agreement", "a2", values{"title": "Second", "shortTitle": "2", "year": 2002, "date": "2002"}).
		node("Signatory", "s1", values{"name": "State", "country": "FR"}).
		node("Signatory", "s2", values{"name": "Company"}).
		edge("PART_OF", "Agreement", "a1", "Process", "p1", "", nil).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|SIGNATORY", values{"role": "SIGNATORY", "date": "2001-03-01"}).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|PARTY", values{"role": "PARTY"}).
		edge("SIGNED", "Signatory", "s2", "Agreement", "a1", "s2|a1", values{"role": "ENDORSER", "note": "late"})
}

func load(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	d := small().dataset()
	nodes, edges := counts(d)
	last, total, before := -1, 0, time.Now().Add(-2*time.Second)
	r, err := st.Load(t.Context(), d, store.LoadOptions{Progress: func(done, of int) {
		if done < last || done > of {
			t.Errorf("progress went from %d to %d of %d", last, done, of)
		}
		last, total = done, of
	}})
	if err != nil {
		t.Fatal(err)
	}
	if last != total || total <= 0 {
		t.Errorf("progress ended at %d of %d", last, total)
	}
	if !r.Changed || r.NodesCreated != nodes || r.EdgesCreated != edges || r.NodesUpdated+r.NodesDeleted+r.EdgesUpdated+r.EdgesDeleted != 0 {
		t.Errorf("report of a first load of %d nodes and %d relationships: %+v", nodes, edges, r)
	}
	rev := r.Revision
	if rev.Number != 1 || rev.Content != store.ContentHash(d) || rev.Store == "" || rev.Loaded.Before(before) || rev.Loaded.After(time.Now().Add(2*time.Second)) {
		t.Errorf("revision: %+v", rev)
	}
	res, err := st.Query(t.Context(), &plan.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(rev, res.Revision); diff != "" || len(res.Roots) != 0 {
		t.Errorf("revision of the report and of a query (%d roots): %s", len(res.Roots), diff)
	}
	info, err := st.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := &store.Info{Revision: rev, Corpus: d.Corpus, Degrees: degrees(d)}
	for _, s := range d.Nodes {
		want.Counts = append(want.Counts, store.Count{Kind: s.Type.Name, Count: int64(len(s.Rows))})
	}
	if diff := gocmp.Diff(want, info, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("Info (-want +got):\n%s", diff)
	}
}

// degrees counts by the book: for each relation, for each owner, its
// relationships.
func degrees(d *store.Dataset) store.Degrees {
	out := store.Degrees{}
	for _, set := range d.Nodes {
		for _, rel := range set.Type.Relations {
			nodes := map[int64]int64{}
			for _, r := range set.Rows {
				nodes[degree(d, rel, r[0].(string))]++
			}
			list := []store.Degree{}
			for d, n := range nodes {
				list = append(list, store.Degree{Degree: d, Nodes: n})
			}
			slices.SortFunc(list, func(a, b store.Degree) int { return cmp.Compare(a.Degree, b.Degree) })
			out[set.Type.Name+"."+rel.Field] = list
		}
	}
	return out
}

func degree(d *store.Dataset, rel *catalog.Relation, id string) int64 {
	n := int64(0)
	for _, s := range d.Edges {
		near, far := s.Ends.From, s.Ends.To
		if !rel.Out {
			near, far = far, near
		}
		if s.Relationship != rel.Relationship || near != rel.Owner || far != rel.Target {
			continue
		}
		for _, e := range s.Rows {
			if rel.Out && e.From == id || !rel.Out && e.To == id {
				n++
			}
		}
	}
	return n
}

func loadTwice(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	first := must(t, st, small().dataset(), store.LoadEmpty)
	for _, mode := range []store.LoadMode{store.LoadMerge, store.LoadReplace} {
		again := must(t, st, small().dataset(), mode)
		if diff := gocmp.Diff(&store.LoadReport{Revision: first.Revision}, again); diff != "" {
			t.Errorf("a second load of the same data in mode %d (-want +got):\n%s", mode, diff)
		}
	}
}

func loadEmptyIntoFull(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	first := must(t, st, small().dataset(), store.LoadEmpty)
	_, err := st.Load(t.Context(), small().node("Agreement", "a3", nil).dataset(), store.LoadOptions{})
	expect(t, "LoadEmpty into a full store", err, store.Conflict)
	holds(t, st, first.Revision, small().dataset())
}

// holds checks that the store is at rev and holds exactly d.
func holds(t *testing.T, st store.Store, rev store.Revision, d *store.Dataset) {
	t.Helper()
	info, err := st.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(rev, info.Revision); diff != "" {
		t.Errorf("revision (-want +got):\n%s", diff)
	}
	if rev.Content != store.ContentHash(d) {
		t.Errorf("content is not the hash of what was loaded")
	}
	want := store.Info{Degrees: degrees(d)}
	for _, s := range d.Nodes {
		want.Counts = append(want.Counts, store.Count{Kind: s.Type.Name, Count: int64(len(s.Rows))})
	}
	if diff := gocmp.Diff(want, store.Info{Counts: info.Counts, Degrees: info.Degrees}, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("Info (-want +got):\n%s", diff)
	}
	everything(&subject{TB: t, store: st, service: service(t, st), oracle: oracleOf(d)})
}

func merge(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	first := must(t, st, small().dataset(), store.LoadEmpty)
	change := build().
		node("Agreement", "a2", values{"title": "Second, amended", "shortTitle": "2", "year": 2003, "date": "2003-01", "convener": "G7"}).
		node("Agreement", "a1", values{"title": "First", "shortTitle": "1", "year": 2001, "date": "2001-02"}). // loses its convener
		node("Process", "p1", values{"name": "Process"}).                                                      // as it was
		node("Norm", "n1", values{"name": "Norm"}).
		node("Signatory", "s10", values{"name": "Its id is between two others"}).
		edge("CONTAINS", "Agreement", "a2", "Norm", "n1", "1", values{"locator": "1"}).
		edge("SIGNED", "Signatory", "s10", "Agreement", "a1", "s10|a1", values{"role": "ENDORSER"}).
		edge("SIGNED", "Signatory", "s2", "Agreement", "a1", "s2|a1", values{"role": "PARTY", "note": "late"}). // another role
		edge("SIGNED", "Signatory", "s2", "Agreement", "a2", "s2|a2", values{"role": "PARTY"})
	r := must(t, st, change.dataset(), store.LoadMerge)
	got := *r
	got.Revision = store.Revision{}
	if diff := gocmp.Diff(store.LoadReport{Changed: true, NodesCreated: 2, NodesUpdated: 2, EdgesCreated: 3, EdgesUpdated: 1}, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if r.Revision.Number != first.Revision.Number+1 || r.Revision.Store != first.Revision.Store {
		t.Errorf("revision %+v after %+v", r.Revision, first.Revision)
	}
	union := build().
		node("Process", "p1", values{"name": "Process"}).
		node("Agreement", "a1", values{"title": "First", "shortTitle": "1", "year": 2001, "date": "2001-02"}).
		node("Agreement", "a2", values{"title": "Second, amended", "shortTitle": "2", "year": 2003, "date": "2003-01", "convener": "G7"}).
		node("Signatory", "s1", values{"name": "State", "country": "FR"}).
		node("Signatory", "s10", values{"name": "Its id is between two others"}).
		node("Signatory", "s2", values{"name": "Company"}).
		node("Norm", "n1", values{"name": "Norm"}).
		edge("SIGNED", "Signatory", "s10", "Agreement", "a1", "s10|a1", values{"role": "ENDORSER"}).
		edge("PART_OF", "Agreement", "a1", "Process", "p1", "", nil).
		edge("CONTAINS", "Agreement", "a2", "Norm", "n1", "1", values{"locator": "1"}).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|SIGNATORY", values{"role": "SIGNATORY", "date": "2001-03-01"}).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|PARTY", values{"role": "PARTY"}).
		edge("SIGNED", "Signatory", "s2", "Agreement", "a1", "s2|a1", values{"role": "PARTY", "note": "late"}).
		edge("SIGNED", "Signatory", "s2", "Agreement", "a2", "s2|a2", values{"role": "PARTY"})
	holds(t, st, r.Revision, union.dataset())
}

func replace(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	must(t, st, small().dataset(), store.LoadEmpty)
	next := build().
		node("Agreement", "a1", values{"title": "First", "shortTitle": "1", "year": 2001, "date": "2001-02", "convener": "UN"}).
		node("Norm", "s2", values{"name": "An id that was a signatory's"}).
		edge("CONTAINS", "Agreement", "a1", "Norm", "s2", "1", values{"locator": "1"})
	r := must(t, st, next.dataset(), store.LoadReplace)
	if !r.Changed || r.NodesDeleted < 3 || r.EdgesDeleted != 4 || r.EdgesCreated != 1 || r.Revision.Number != 2 {
		t.Errorf("report: %+v", r)
	}
	holds(t, st, r.Revision, next.dataset())
	back := must(t, st, small().dataset(), store.LoadReplace)
	if back.Revision.Number != 3 {
		t.Errorf("going back made revision %d, want 3", back.Revision.Number)
	}
	holds(t, st, back.Revision, small().dataset())
}

func ended(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	first := must(t, st, small().dataset(), store.LoadEmpty)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	for name, ctx := range map[string]context.Context{"cancelled": gone, "late": late} {
		_, err := st.Query(ctx, &plan.Plan{})
		expect(t, name+" Query", err, store.Timeout)
		_, err = st.Info(ctx)
		expect(t, name+" Info", err, store.Timeout)
		_, err = st.Load(ctx, build().dataset(), store.LoadOptions{Mode: store.LoadReplace})
		expect(t, name+" Load", err, store.Timeout)
	}
	// A load that is left in the middle.
	stop, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := st.Load(stop, generate.Dataset(graph.Catalog(), 2), store.LoadOptions{Mode: store.LoadReplace, Progress: func(done, total int) { cancel() }})
	if err == nil {
		t.Error("a load that was cancelled by its progress went through")
	} else {
		expect(t, "Load left in the middle", err, store.Timeout)
	}
	holds(t, st, first.Revision, small().dataset())
}

// loadWhileReading: an answer comes from one revision, never from between.
func loadWhileReading(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	size := func(n int) *store.Dataset {
		b := build().node("Process", "p", nil)
		for i := range n {
			id := "a" + strconv.Itoa(i)
			b.node("Agreement", id, nil).edge("PART_OF", "Agreement", id, "Process", "p", "", nil)
		}
		return b.dataset()
	}
	sizes := map[int64]int{1: 10, 2: 200, 3: 30}
	must(t, st, size(sizes[1]), store.LoadEmpty)
	svc := service(t, st)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	answers := 0
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			r := svc.Execute(t.Context(), graph.Request{Document: `{ agreementsConnection { totalCount } processes { agreementsConnection { totalCount } } }`})
			if r.Code() == graph.CodeUnavailable {
				continue // loading
			}
			var data struct {
				AgreementsConnection struct{ TotalCount int }
				Processes            []struct{ AgreementsConnection struct{ TotalCount int } }
			}
			if err := errors.Join(json.Unmarshal(r.Data, &data)); err != nil || len(data.Processes) != 1 {
				t.Errorf("answer while loading: %v %s %v", err, r.Data, r.Errors)
				return
			}
			want := sizes[r.Revision.Number]
			if data.AgreementsConnection.TotalCount != want || data.Processes[0].AgreementsConnection.TotalCount != want {
				t.Errorf("revision %d with %d agreements, of which the process has %d; want %d", r.Revision.Number,
					data.AgreementsConnection.TotalCount, data.Processes[0].AgreementsConnection.TotalCount, want)
			}
			answers++
		}
	})
	must(t, st, size(sizes[2]), store.LoadReplace)
	must(t, st, size(sizes[3]), store.LoadReplace)
	close(stop)
	wg.Wait()
	if answers == 0 {
		t.Error("nothing was answered while the store loaded")
	}
}

func closed(t *testing.T, open func(testing.TB) store.Store) {
	st := open(t)
	must(t, st, small().dataset(), store.LoadEmpty)
	for range 2 {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	_, err := st.Query(t.Context(), &plan.Plan{})
	expect(t, "Query of a closed store", err, store.Unavailable)
}

// mergeNames: a merge adds the data set's corpus to the sources of the store's,
// which keeps its name unless it is told otherwise; a replace has its own.
func mergeNames(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	base, other := small().dataset(), small().dataset()
	must(t, st, base, store.LoadEmpty)
	other.Corpus = store.Corpus{Name: "other", Version: "7", Licence: "ODbL-1.0", Date: "2026", Sources: []store.Source{{Name: "elsewhere", URL: "https://x.example"}}}
	for _, c := range []struct {
		options store.LoadOptions
		name    string
		texts   []string
	}{
		{store.LoadOptions{Mode: store.LoadMerge}, "test", []string{"by hand", "other, version 7, 2026 (ODbL-1.0)", "elsewhere"}},
		{store.LoadOptions{Mode: store.LoadMerge, Rename: true}, "other", []string{"elsewhere", "test, version 1 (CC0-1.0)", "by hand"}},
		{store.LoadOptions{Mode: store.LoadReplace}, "other", []string{"elsewhere"}},
	} {
		must(t, st, base, store.LoadReplace)
		for again, changed := range []bool{true, false} {
			report, err := st.Load(t.Context(), other, c.options)
			if err != nil {
				t.Fatal(err)
			}
			info, err := st.Info(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if info.Corpus.Name != c.name || !slices.Equal(info.Corpus.Texts(), c.texts) || report.Changed != changed {
				t.Errorf("%+v, load %d: changed %v, corpus %q with %q; want %q with %q", c.options, again+1, report.Changed, info.Corpus.Name, info.Corpus.Texts(), c.name, c.texts)
			}
			named := *other
			named.Corpus = info.Corpus
			if want := store.ContentHash(&named); info.Revision.Content != want {
				t.Errorf("%+v: content %s, want %s", c.options, info.Revision.Content, want)
			}
		}
	}
}

// mergeParts: what the rows leave out stays, what they state takes the place of
// what was there, relations to one node and whole lists of related nodes included.
func mergeParts(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	base := func() *builder {
		return small().
			node("Process", "p2", nil).
			node("Contribution", "c1", nil).
			node("Contribution", "c2", nil).
			edge("PART_OF", "Agreement", "a2", "Process", "p1", "", nil).
			edge("DISCUSSES", "Contribution", "c1", "Agreement", "a1", "", nil).
			edge("DISCUSSES", "Contribution", "c1", "Agreement", "a2", "", nil).
			edge("DISCUSSES", "Contribution", "c2", "Agreement", "a1", "", nil)
	}
	must(t, st, base().dataset(), store.LoadEmpty)
	cat := graph.Catalog()
	d := build().
		node("Agreement", "a1", values{"title": "First, again", "note": nil}).
		node("Contribution", "c1", nil).
		edge("PART_OF", "Agreement", "a1", "Process", "p2", "", nil).
		edge("DISCUSSES", "Contribution", "c1", "Agreement", "a2", "", nil).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|SIGNATORY", values{"role": "SIGNATORY", "note": "seen"}).dataset()
	d.Nodes[cat.Node("Agreement").Index].Columns = stated(cat.Node("Agreement").Properties, "id", "title", "note")
	d.Nodes[cat.Node("Contribution").Index].Columns = stated(cat.Node("Contribution").Properties, "id")
	for i, s := range d.Edges {
		if s.Relationship.Type == "SIGNED" {
			d.Edges[i].Columns = stated(s.Relationship.Properties, "role", "note")
		}
	}
	d.Relations = []*catalog.Relation{cat.Node("Contribution").Relation("agreements")}
	r := must(t, st, d, store.LoadMerge)
	got := *r
	got.Revision = store.Revision{}
	if diff := gocmp.Diff(store.LoadReport{Changed: true, NodesUpdated: 1, EdgesCreated: 1, EdgesUpdated: 1, EdgesDeleted: 2}, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	want := build().
		node("Process", "p1", values{"name": "Process"}).
		node("Process", "p2", nil).
		node("Agreement", "a1", values{"title": "First, again", "shortTitle": "1", "year": 2001, "date": "2001-02", "convener": "UN"}).
		node("Agreement", "a2", values{"title": "Second", "shortTitle": "2", "year": 2002, "date": "2002"}).
		node("Signatory", "s1", values{"name": "State", "country": "FR"}).
		node("Signatory", "s2", values{"name": "Company"}).
		node("Contribution", "c1", nil).
		node("Contribution", "c2", nil).
		edge("PART_OF", "Agreement", "a1", "Process", "p2", "", nil).
		edge("PART_OF", "Agreement", "a2", "Process", "p1", "", nil).
		edge("DISCUSSES", "Contribution", "c1", "Agreement", "a2", "", nil).
		edge("DISCUSSES", "Contribution", "c2", "Agreement", "a1", "", nil).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|SIGNATORY", values{"role": "SIGNATORY", "date": "2001-03-01", "note": "seen"}).
		edge("SIGNED", "Signatory", "s1", "Agreement", "a1", "s1|a1|PARTY", values{"role": "PARTY"}).
		edge("SIGNED", "Signatory", "s2", "Agreement", "a1", "s2|a1", values{"role": "ENDORSER", "note": "late"})
	holds(t, st, r.Revision, want.dataset())
	if again := must(t, st, d, store.LoadMerge); again.Changed {
		t.Errorf("merged again: %+v", again)
	}

	_, err := st.Load(t.Context(), small().dataset(), store.LoadOptions{Mode: store.LoadMerge, Base: r.Revision.Number - 1})
	expect(t, "data checked against another revision", err, store.Conflict)
	asked := errors.New("not that many")
	_, err = st.Load(t.Context(), small().dataset(), store.LoadOptions{Mode: store.LoadReplace, Approve: func(deleted, stored int) error {
		if deleted != 3 || stored != 8 {
			t.Errorf("asked to delete %d of %d nodes, want 3 of 8", deleted, stored)
		}
		return asked
	}})
	if !errors.Is(err, asked) {
		t.Errorf("a load that was not approved: %v", err)
	}
	holds(t, st, r.Revision, want.dataset())
}

func stated(props []*catalog.Property, names ...string) []bool {
	out := make([]bool, len(props))
	for i, p := range props {
		out[i] = slices.Contains(names, p.Name)
	}
	return out
}

// longText: every store takes what a corpus may hold, at the bounds of
// catalog.Property.MaxBytes.
func longText(t *testing.T, open func(testing.TB) store.Store) {
	st := opened(t, open)
	x := func(n int) string { return strings.Repeat("x", n) }
	d := build().
		node("Agreement", x(200), values{"title": x(4000), "shortTitle": x(4000), "note": x(200_000), "url": "https://example.org/" + x(3980)}).
		node("Norm", "n", values{"name": x(4000), "summary": x(200_000)}).
		node("Incident", "i", values{"name": x(4000), "sectors": []string{x(4000), x(3999)}}).
		node("Signatory", "s", values{"name": x(4000)}).
		edge("SIGNED", "Signatory", "s", "Agreement", x(200), "", values{"note": x(200_000)}).dataset()
	r := must(t, st, d, store.LoadEmpty)
	if r.Revision.Content != store.ContentHash(d) {
		t.Error("content is not the hash of what was loaded")
	}
	if again := must(t, st, d, store.LoadReplace); again.Changed {
		t.Errorf("loaded again: %+v", again)
	}
}
