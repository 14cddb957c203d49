package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"normgraph/graph/store"
)

// awkward are texts that engines compare, quote or split in ways of their own.
// U+E000–U+FFFF and U+10000 and above order otherwise by UTF-16 than by code
// point. All are in NFC, as a data set's texts are.
var awkward = []string{
	"", " ", "a", "A", "ab", "á", "q\u0301", "\ud7ff", "\ue000", "\uf8ff", "\ufffd", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff",
	"x\ue000", "x\uffff", "x\U00010000", "x\U00010000\ue000", "x\ue000\U00010000", "xy",
	`"`, `'`, "`", `\`, `\u0000`, "a\x00b", "a\x00c", "\x01", "\t", "\n", "\r\n", "\u2028", "$p0", "?", ":x", "${x}", "{x}", "%", "_", "*", "[1]", "null", "0",
	"'; DROP TABLE Signatory; --", "}) DETACH DELETE n //", "\\' OR 1=1 --",
}

func hostileText(t *testing.T, open func(testing.TB) store.Store) {
	d := build()
	for i, x := range awkward {
		d.node("Signatory", "id:"+x, values{"name": x, "note": awkward[len(awkward)-1-i]})
	}
	s := newSubject(t, open, d.dataset())
	everything(s)
	for _, sort := range []string{"name: ASC", "name: DESC", "id: ASC", "id: DESC", "note: DESC"} {
		s.walk(`query($after: String) { signatoriesConnection(first: 7, after: $after, sort: [{` + sort + `}]) { edges { cursor node { id name } } pageInfo { endCursor hasNextPage } } }`)
	}
	const document = `query($x: String!, $id: ID!) {
		eq: signatories(where: {name: {eq: $x}}) { id }
		in: signatories(where: {name: {in: [$x, "no such"]}}) { id }
		not: signatoriesConnection(where: {NOT: {name: {eq: $x}}}, first: 0) { totalCount }
		contains: signatories(where: {name: {contains: $x}}) { id }
		starts: signatories(where: {name: {startsWith: $x}}) { id }
		ends: signatories(where: {name: {endsWith: $x}}) { id }
		node(id: $id) { id ... on Signatory { name } }
		nodes(ids: [$id, "no such", $id]) { id }
		found: search(query: $x) { totalCount edges { node { id } } }
	}`
	for _, x := range awkward {
		s.agrees(document, map[string]any{"x": x, "id": "id:" + x})
	}
}

func search(t *testing.T, open func(testing.TB) store.Store) {
	s := newSubject(t, open, build().
		node("Norm", "n1", values{"name": "Protect critical infrastructure", "summary": "Do not damage it."}).
		node("Norm", "n2", values{"name": "Restraint", "summary": "Protect the critical parts of INFRASTRUCTURE."}).
		node("Norm", "n3", values{"name": "Infra", "summary": "structure critical protection"}).
		node("Incident", "i1", values{"name": "Infrastrúcture outage", "startDate": "2017", "summary": "critical"}).
		node("Agreement", "a1", values{"title": "Convention", "shortTitle": "Critical"}).
		node("Signatory", "s1", values{"name": "日本 ネットワーク"}).
		node("Signatory", "s2", values{"name": "Straße NEAR and qsep OR"}).
		node("Signatory", "s3", values{"name": "中国国家互联网信息办公室", "kind": "PUBLIC_AUTHORITY"}).
		node("Signatory", "s4", values{"name": "日本ネットワーク情報センター", "country": "JP"}).
		node("Signatory", "s5", values{"name": "한국인터넷진흥원"}).
		node("Signatory", "s6", values{"name": "สำนักงานพัฒนาธุรกรรมทางอิเล็กทรอนิกส์"}).
		node("Signatory", "s7", values{"name": "हिन्दी Łódź cy\u00adber"}).
		node("Incident", "i2", values{"name": "Outage", "startDate": "2018", "kinds": []string{"DATA_THEFT", "RANSOMWARE"}, "sectors": []string{"public health", "energy"}, "countries": []string{"KE", "CI"}}).
		dataset())
	for _, c := range []struct{ query, want string }{
		{`critical`, "a1 3, n1 3, i1 1, n2 1, n3 1"},
		{`CRITICAL infrastructure`, "i1 3, n1 3, n2 1"},
		{`infra*`, "i1 3, n1 3, n3 3, n2 1"},
		{`"critical infrastructure"`, "n1 3"},
		{`"critical infra"*`, "n1 3"},
		{`"critical infra"`, ""},
		{`"Convention Critical"`, ""}, // a phrase does not span two fields
		{`infrastrucTURE`, "i1 3, n1 3, n2 1"},
		{`damage protect`, "n1 3"},
		{`日本`, "s1 3, s4 3"},
		{`日*`, "s1 3, s4 3"},
		{`日`, "s1 3, s4 3"},
		{`ー`, "s1 3, s4 3"},
		{`互联网`, "s3 3"},
		{`联网信息`, "s3 3"},
		{`国国`, "s3 3"},
		{`网联`, ""},
		{`室`, "s3 3"},
		{`ネットワーク`, "s1 3, s4 3"},
		{`ﾈｯﾄﾜｰｸ`, "s1 3, s4 3"},
		{`ネットワーク情報`, "s4 3"},
		{"日本\u3000センター", "s4 3"},
		{`"日本 ネット"`, "s1 3"},
		{`인터넷`, "s5 3"},
		{`ธุรกรรม`, "s6 3"},
		{`हिन्दी`, "s7 3"},
		{`हनद`, ""},
		{"lodz\u00a0cyber", "s7 3"},
		{`ransomware`, "i2 1"},
		{`"data theft"`, "i2 1"},
		{`"theft ransomware"`, ""}, // nor two elements of a list
		{`health energy kenya`, "i2 1"},
		{`"cote d'ivoire"`, "i2 1"},
		{`ke`, "i2 1"},
		{`outage ransomware`, "i2 3"},
		{`authority`, "s3 1"},
		{`japan`, "s4 1"},
		{`STRASSE`, "s2 3"},
		{`near`, "s2 3"},
		{`NEAR OR`, "s2 3"},
		{`qsep`, "s2 3"},
		{`critical NOT`, "n1 3"},
		{`(critical)`, "a1 3, n1 3, i1 1, n2 1, n3 1"},
		{`name:critical`, ""},
		{``, ""}, {`*`, ""}, {`"`, ""}, {`-- ;`, ""}, {`nosuchword`, ""},
	} {
		query, _ := json.Marshal(c.query)
		text := s.ask(`query($q: String!) { search(query: $q) { totalCount edges { score node { id } } } }`, map[string]any{"q": json.RawMessage(query)})
		var data struct {
			Search struct {
				TotalCount int
				Edges      []struct {
					Score int
					Node  struct{ ID string }
				}
			}
		}
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range data.Search.Edges {
			got = append(got, fmt.Sprintf("%s %d", e.Node.ID, e.Score))
		}
		if g := strings.Join(got, ", "); g != c.want || data.Search.TotalCount != len(got) {
			t.Errorf("search %s: want %s, got %s (of %d)", query, c.want, g, data.Search.TotalCount)
		}
	}
	for _, kinds := range []string{"", ", kinds: [Norm]", ", kinds: [Signatory, Norm, Incident]", ", kinds: []"} {
		s.walk(`query($after: String) { search(query: "critical", first: 1, after: $after` + kinds + `) { totalCount edges { score snippet cursor node { id basis } } pageInfo { endCursor hasNextPage hasPreviousPage } } }`)
	}
}
