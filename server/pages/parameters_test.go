package pages_test

import (
	"net/url"
	"strings"
	"testing"

	"normgraph/server/pages"
)

// A parameter that nothing knows is refused in words; what trackers add is passed over.
func TestUnknownParameters(t *testing.T) {
	h := handler(nil)
	const tracked = "utm_source=a&utm_whatever=b&utm_source=c&fbclid=d&gclid=e&mc_cid=f&mc_eid=g&msclkid=h&ref=i"
	for _, path := range []string{"/", "/?q=ransomware", "/?q=a&kind=Norm", "/node/budapest", "/node/budapest?revision=1", "/compare", "/compare?ids=budapest&group=NORM",
		"/continuity", "/continuity?from=2000&kind=RANSOMWARE&kind=WIPER", "/continuity?part=svg", "/continuity/method", "/playground", "/playground?example=what-recurs&variables=%7B%7D",
		"/embed", "/embed?document=what-recurs", "/embed/signed-and-party?view=table", "/data/signed-and-party.csv", "/data/signed-and-party.json?list=x",
		"/cite?title=T&address=/node/x"} {
		join := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		_, want, _ := get(t, h, path)
		status, body, _ := get(t, h, path+join+tracked)
		if status != 200 {
			t.Errorf("%s with trackers: %d %.200s", path, status, body)
		}
		if same := body == want; !same && !strings.HasPrefix(path, "/embed") { // frames name their whole address for oEmbed
			t.Errorf("%s with trackers is another page", path)
		}
		for _, wrong := range []string{"planet=1", "planet", "Revision=1", "utm=1", "%7B=1"} {
			name, _, _ := strings.Cut(wrong, "=")
			status, body, header := get(t, h, path+join+wrong)
			if status != 400 || header.Get("Cache-Control") != "no-store" || !strings.Contains(body, strings.ReplaceAll(name, "%7B", "{")) {
				t.Errorf("%s%s%s: %d %.200s", path, join, wrong, status, body)
			}
		}
		for _, broken := range []string{"q=%zz", "a;b", "%"} {
			if status, body, _ := get(t, h, path+join+broken); status != 400 {
				t.Errorf("%s%s%s: %d %.200s", path, join, broken, status, body)
			}
		}
	}
	for _, twice := range []string{"/?q=a&q=b", "/compare?group=NORM&group=SCHEME", "/continuity?from=2000&from=2001", "/data/what-recurs.csv?list=a&list=b",
		"/embed/what-recurs?view=chart&view=table", "/node/budapest?norms=a&norms=b"} {
		if status, body, _ := get(t, h, twice); status != 400 || !strings.Contains(body, "2 times") {
			t.Errorf("%s: %d", twice, status)
		}
	}
	if status, body, _ := get(t, h, "/playground?example=none"); status != 404 || !strings.Contains(body, "“none”") {
		t.Errorf("an example that is none: %d", status)
	}
}

// The address of a page is told in many spellings, as people and proxies write it.
func TestOEmbedSpellings(t *testing.T) {
	public := handler(func(o *pages.Options) { o.PublicURL = "https://norms.example.org" })
	behind := handler(nil) // example.com, over a proxy that ends TLS and does not say so
	for _, c := range []struct{ public, address, src string }{
		{"y", "HTTPS://Norms.Example.ORG/embed/what-recurs", "https://norms.example.org/embed/what-recurs"},
		{"y", "https://norms.example.org:443/embed/what-recurs", "https://norms.example.org/embed/what-recurs"},
		{"y", "http://norms.example.org/embed/what-recurs?view=chart", "https://norms.example.org/embed/what-recurs?view=chart"},
		{"y", "http://norms.example.org:80/embed/what-recurs#top", "https://norms.example.org/embed/what-recurs"},
		{"y", "https://norms.example.org/embed/what-recurs?utm_source=x&theme=dark", "https://norms.example.org/embed/what-recurs?utm_source=x&amp;theme=dark"},
		{"", "https://example.com/embed/what-recurs", "https://example.com/embed/what-recurs"},
		{"", "http://EXAMPLE.com/embed/what-recurs", "http://example.com/embed/what-recurs"},
		{"y", "https://norms.example.org:8443/embed/what-recurs", ""},
		{"y", "https://norms.example.org.evil.example/embed/what-recurs", ""},
		{"y", "https://norms.example.org@evil.example/embed/what-recurs", ""},
		{"y", "//norms.example.org/embed/what-recurs", ""},
		{"y", "https://norms.example.org/embed/what-recurs?planet=1", ""},
		{"y", "https://norms.example.org/continuity?planet=1", ""},
		{"y", "https://norms.example.org/node/budapest?planet=1", ""},
	} {
		h := behind
		if c.public != "" {
			h = public
		}
		status, body, _ := get(t, h, "/oembed?planet=1&url="+strings.NewReplacer("#", "%23", "&", "%26").Replace(c.address))
		if c.src == "" && (status != 404 && status != 400) || c.src != "" && (status != 200 || !strings.Contains(body, `src=\"`+strings.ReplaceAll(c.src, "&", `\u0026`)+`\"`)) {
			t.Errorf("%s: %d %s", c.address, status, body)
		}
	}
}

// Variables come from the address by their types.
func TestVariablesOfAnAddress(t *testing.T) {
	h := handler(nil)
	rows := func(query string) int {
		status, text, _ := get(t, h, "/data/"+query)
		if status != 200 {
			t.Fatalf("%s: %d %s", query, status, text)
		}
		return strings.Count(text, "\r\n") - 1
	}
	if a, b := rows("how-alike-are-agreements.csv?ids=paris-call&ids=gge-2015&ids=budapest"), rows(`how-alike-are-agreements.csv?ids=["paris-call","gge-2015"]`); a != 3 || b != 1 {
		t.Errorf("lists give %d and %d rows, want 3 and 1", a, b)
	}
	where := url.QueryEscape(`{"method":{"in":["PUBLISHED"]}}`)
	if a, b := rows("what-recurs.csv"), rows("what-recurs.csv?assessments="+where); a <= b || b == 0 {
		t.Errorf("%d rows by default, %d of published assessments", a, b)
	}
	if a, b := rows("ideas-by-period.csv"), rows("ideas-by-period.csv?list=cells"); b == 0 || a <= b {
		t.Errorf("%d rows in all, %d cells", a, b)
	}
	if n := rows("what-recurs.csv?from=1950&to=1951"); n != 1 {
		t.Errorf("an empty ranking has %d rows, want its caveats alone", n)
	}
}
