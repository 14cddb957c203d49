package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"maps"
	"net/http"
	"strconv"
)

//go:embed pages
var pages embed.FS

// Page is a template within the common layout, with what it loads and may do.
// It is safe for concurrent use.
type Page struct {
	template *template.Template
	needs    needs
	icon     string
	policy   string
}

// PageOptions say what a page is made of.
type PageOptions struct {
	Name    string   // pages/NAME.html, which defines "body" and perhaps "head"
	Entries []string // source files of the build that the page loads, in this order
	// Policy is the Content-Security-Policy.
	Policy string
	// Functions are the template's own, beside those of Words.
	Functions template.FuncMap
}

// NewPage reads the template. It panics on a broken one: any test that uses the page finds it.
func NewPage(o PageOptions) *Page {
	functions := template.FuncMap{"number": Number, "plural": Plural, "several": Several, "spaced": Spaced, "counted": Counted, "words": Words}
	maps.Copy(functions, o.Functions)
	p := &Page{policy: o.Policy, icon: "/" + built().manifest["src/style/icon.svg"].File}
	p.template = template.Must(template.New("layout.html").Funcs(functions).
		ParseFS(pages, "pages/layout.html", "pages/"+o.Name+".html"))
	for _, entry := range o.Entries {
		found, err := built().needsOf(entry)
		if err != nil {
			panic(err)
		}
		p.needs.add(found)
	}
	return p
}

// View is what a page shows in one answer.
type View struct {
	Title, Description string
	// Section is the address of the entry of the site's menu that the page belongs to.
	Section string
	// Query is what the search box holds.
	Query string
	// OEmbed is the address of the page's oEmbed answer, whole, for consumers to find; "" is none.
	OEmbed string
	// Data is for the template.
	Data any
	// Status is 200 when 0. Other statuses are not kept by caches.
	Status int
	// Policy replaces the page's, if set.
	Policy string
}

// Serve writes the page. A client revalidates it each time.
func (p *Page) Serve(w http.ResponseWriter, r *http.Request, v View) {
	var body bytes.Buffer
	err := p.template.Execute(&body, struct {
		View
		Icon  string
		Needs needs
	}{v, p.icon, p.needs})
	p.send(w, r, v, body.Bytes(), err)
}

// ServePart writes one template of the page alone, for a script to put in place.
func (p *Page) ServePart(w http.ResponseWriter, r *http.Request, name string, v View) {
	var body bytes.Buffer
	err := p.template.ExecuteTemplate(&body, name, v.Data)
	p.send(w, r, v, body.Bytes(), err)
}

// ServeFile writes one template of the page alone, as a document of another type.
func (p *Page) ServeFile(w http.ResponseWriter, r *http.Request, name, contentType string, data any) {
	var body bytes.Buffer
	err := p.template.ExecuteTemplate(&body, name, data)
	w.Header().Set("Content-Type", contentType)
	p.send(w, r, View{}, body.Bytes(), err)
}

func (p *Page) send(w http.ResponseWriter, r *http.Request, v View, body []byte, err error) {
	if err != nil {
		// A template that does not fit its data: the log of the service tells.
		panic(err)
	}
	header := w.Header()
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "text/html; charset=utf-8")
	}
	header.Set("Content-Security-Policy", p.policy)
	if v.Policy != "" {
		header.Set("Content-Security-Policy", v.Policy)
	}
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	if v.Status != 0 && v.Status != http.StatusOK {
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(v.Status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(body) // a client that has gone cannot be told
		}
		return
	}
	sum := sha256.Sum256(body)
	header.Set("Cache-Control", "no-cache")
	send(w, r, base64.RawURLEncoding.EncodeToString(sum[:12]), body)
}
