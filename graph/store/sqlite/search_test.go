package sqlite_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/plan"
)

func TestSearch(t *testing.T) {
	f := newFixture(t)
	f.node("Thing", "t1", values{"name": "Norm one", "title": "two words", "text": "Die Straße ist lang", "more": "other"})
	f.node("Thing", "t2", values{"name": "plain", "text": "a norm here"})
	f.node("Thing", "t3", values{"name": "plain one", "text": "normal quiet", "more": "lang"})
	f.node("Box", "b1", values{"name": "Norm box"})
	s := f.open(t)
	hits := func(q string, mod ...func(*plan.Select)) string {
		t.Helper()
		sel := &plan.Select{Form: plan.Connection, Nodes: f.cat.Nodes, Limit: 10,
			Search: &plan.Search{Terms: plan.Terms(q)}, Connection: &plan.Conn{Rows: true, Keys: true, Total: true}}
		for _, m := range mod {
			m(sel)
		}
		return answer(t, s, sel)
	}
	after := func(score int, kind, id string) func(*plan.Select) {
		return func(s *plan.Select) { s.Search.After = &plan.SearchPosition{Score: score, Kind: kind, ID: id} }
	}
	for _, tt := range []struct{ got, want string }{
		{hits("norm"), `[[[3,"Box","b1"],[3,"Thing","t1"],[1,"Thing","t2"]],3,null]`},
		{hits("norm*"), `[[[3,"Box","b1"],[3,"Thing","t1"],[1,"Thing","t2"],[1,"Thing","t3"]],4,null]`},
		{hits("norm plain"), `[[[3,"Thing","t2"]],1,null]`},
		{hits("norm nothing"), `[[],0,null]`},
		{hits(`"two words"`), `[[[3,"Thing","t1"]],1,null]`},
		{hits(`"one two"`), `[[],0,null]`},
		{hits(`"quiet lang"`), `[[],0,null]`},
		{hits(`"ist la"*`), `[[[1,"Thing","t1"]],1,null]`},
		{hits("STRASSE"), `[[[1,"Thing","t1"]],1,null]`},
		{hits("q*"), `[[[1,"Thing","t3"]],1,null]`},
		{hits("AND OR NOT"), `[[],0,null]`},
		{hits(""), `[[],0,null]`},
		{hits("norm*", after(3, "Box", "b1")), `[[[3,"Thing","t1"],[1,"Thing","t2"],[1,"Thing","t3"]],4,null]`},
		{hits("norm*", after(1, "Thing", "t2")), `[[[1,"Thing","t3"]],4,null]`},
		{hits("norm*", after(3, "Car", "z")), `[[[3,"Thing","t1"],[1,"Thing","t2"],[1,"Thing","t3"]],4,null]`},
		{hits("", func(s *plan.Select) {
			s.Nodes, s.Connection.Edges = nil, []*plan.Edge{{Items: []plan.EdgeItem{{Field: "snippet"}}}}
		}), `[[],0,null]`},
		{hits("norm", func(s *plan.Select) { s.Nodes = s.Nodes[:1] }), `[[[3,"Thing","t1"],[1,"Thing","t2"]],2,null]`},
		{hits("norm", func(s *plan.Select) {
			s.Connection.Keys, s.Connection.Total, s.Limit, s.Search.Snippet = false, false, 2, true
			s.Connection.Edges = []*plan.Edge{{Items: []plan.EdgeItem{{Field: "score"}, {Field: "snippet"},
				{Field: "node", Objects: []*plan.Object{f.items("Thing", "id"), f.items("Box", "name", "id")}}}}}
		}), `[[[3,[1,"Norm box"],[1,"Norm box","b1"]],[3,[0,"Norm one","two words","Die Straße ist lang","other"],[0,"t1"]]],null,null]`},
	} {
		if diff := cmp.Diff(decoded(t, tt.want), decoded(t, tt.got)); diff != "" {
			t.Error(diff)
		}
	}
}
