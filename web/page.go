package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

//go:embed pages
var pages embed.FS

// page is a template within the common layout, with what it loads and may do.
type page struct {
	title, description string
	template           *template.Template
	needs              needs
	icon               string
	policy             string // Content-Security-Policy
}

// newPage reads pages/NAME.html; entry is the source file of the build that the page loads.
func newPage(name, entry, title, description, policy string) *page {
	functions := template.FuncMap{"number": number, "plural": plural, "words": words}
	made := &page{title: title, description: description, policy: policy}
	made.template = template.Must(template.New("layout.html").Funcs(functions).
		ParseFS(pages, "pages/layout.html", "pages/"+name+".html"))
	var err error
	if made.needs, err = built().needsOf(entry); err != nil {
		panic(err)
	}
	made.icon = "/" + built().manifest["src/style/icon.svg"].File
	return made
}

// serve writes the page with the data of its body. A client revalidates it each time.
func (p *page) serve(w http.ResponseWriter, r *http.Request, status int, data any) {
	var body bytes.Buffer
	err := p.template.Execute(&body, struct {
		Title, Description, Icon string
		Needs                    needs
		Data                     any
	}{p.title, p.description, p.icon, p.needs, data})
	if err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", p.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	if status != http.StatusOK {
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Length", strconv.Itoa(body.Len()))
		w.WriteHeader(status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(body.Bytes()) // a client that has gone cannot be told
		}
		return
	}
	sum := sha256.Sum256(body.Bytes())
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body.Bytes()))
}

// number writes a count with thin spaces between thousands.
func number(count int) string {
	digits := strconv.Itoa(count)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// plural makes "WorkPackage" into "Work packages", by the endings that type names have.
func plural(kind string) string {
	var spaced strings.Builder
	for i, letter := range kind {
		if i > 0 && unicode.IsUpper(letter) {
			spaced.WriteByte(' ')
			letter = unicode.ToLower(letter)
		}
		spaced.WriteRune(letter)
	}
	name := spaced.String()
	switch {
	case strings.HasSuffix(name, "y"):
		return strings.TrimSuffix(name, "y") + "ies"
	case strings.HasSuffix(name, "s"):
		return name + "es"
	default:
		return name + "s"
	}
}

// words makes "DATASET_DERIVED" into "dataset derived".
func words(value string) string { return strings.ToLower(strings.ReplaceAll(value, "_", " ")) }
