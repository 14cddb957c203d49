package httpapi_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"normgraph/graph"
	"normgraph/graph/catalog"
	"normgraph/seed"
	"normgraph/server/httpapi"
)

// shapeShown is how many addresses of one shape are followed: path and names of the
// parameters. Pages of nodes without any are all followed.
const shapeShown = 25

var linkForm = regexp.MustCompile(` (?:href|src|action)="([^"]*)"`)

// Every link of a page leads somewhere: whatever a visitor follows from the pages of
// the bundled corpus answers, and the part of the page that the link names is there.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	o := options(keeping)
	o.URLBytes, o.Deadline = 16<<10, time.Minute
	h := httpapi.New(o)
	shapes := map[string]int{}
	from := map[string]string{} // address by the page that links it
	var queue []string
	follow := func(link, page string) (address, fragment string) {
		base, err := url.Parse("http://example.com" + page)
		if err != nil {
			t.Fatal(err)
		}
		at, err := base.Parse(html.UnescapeString(link))
		if err != nil {
			t.Errorf("%s links %q: %v", page, link, err)
			return "", ""
		}
		if at.Host != "example.com" {
			return "", ""
		}
		address, fragment = at.RequestURI(), at.Fragment
		if _, known := from[address]; known {
			return address, fragment
		}
		names := []string{}
		for name := range at.Query() {
			names = append(names, name)
		}
		slices.Sort(names)
		shape := at.Path + "?" + strings.Join(names, "&")
		if strings.HasPrefix(at.Path, "/node/") {
			shape = "/node/?" + strings.Join(names, "&")
		}
		if shapes[shape]++; shapes[shape] > shapeShown && shape != "/node/?" {
			return "", ""
		}
		from[address] = page
		queue = append(queue, address)
		return address, fragment
	}
	for _, start := range []string{"/", "/continuity", "/compare", "/playground", "/embed", "/?q=the", "/?q=norm", "/?q=a*&kind=Signatory", "/?q=2019&kind=Document",
		"/?q=the&kind=Question", "/continuity?period=5&group=NORM", "/continuity?group=CATEGORY&cell=RESTRAINT"} {
		follow(start, "/")
	}
	data, err := seed.Read(seed.Bundled(), graph.Catalog())
	must(err)
	nodes := 0
	for _, set := range data.Nodes {
		at := slices.IndexFunc(set.Type.Properties, func(p *catalog.Property) bool { return p.Name == "id" })
		for _, row := range set.Rows {
			nodes++
			follow("/node/"+row[at].(string), "/")
		}
	}
	type anchor struct{ page, address, fragment string }
	var anchors []anchor
	ids := map[string]map[string]bool{}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		w := send(h, "GET", address, "", header{"Accept": "text/html,*/*;q=0.8"})
		body := w.Body.String()
		if w.Code >= http.StatusBadRequest {
			t.Errorf("%s, linked by %s: %d %.200s", address, from[address], w.Code, body)
			continue
		}
		if to := w.Header().Get("Location"); to != "" {
			follow(to, address)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		ids[address] = map[string]bool{}
		for _, id := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			if ids[address][id[1]] {
				t.Errorf("%s: two elements have the id %s", address, id[1])
			}
			ids[address][id[1]] = true
		}
		for _, link := range linkForm.FindAllStringSubmatch(body, -1) {
			if to, fragment := follow(link[1], address); fragment != "" && to != "" && !strings.HasPrefix(to, "/playground") {
				anchors = append(anchors, anchor{address, to, fragment})
			}
		}
	}
	missing := map[string]bool{}
	for _, a := range anchors {
		if page, shown := ids[a.address]; shown && !page[a.fragment] && !missing[a.address+a.fragment] {
			missing[a.address+a.fragment] = true
			t.Errorf("%s links %s#%s, where nothing has that id", a.page, a.address, a.fragment)
		}
	}
	t.Logf("%d addresses of %d shapes, %d nodes, %d fragments", len(from), len(shapes), nodes, len(anchors))
	if shapes["/node/?"] != nodes || len(shapes) < 100 {
		t.Errorf("%d of %d nodes and %d shapes were reached", shapes["/node/?"], nodes, len(shapes))
	}
}
