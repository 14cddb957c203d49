package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// LocalOnly serves h, which listens on a loopback address, to this machine alone.
// Its browsers ask for any page that they show, and a page can give its own name
// this machine's address, or put an address of it in a picture: so requests must
// name this machine, or the host of publicURL, which may be "", and what another
// site loads without asking for leave is refused. Frames, and what CORS allows, go on.
func LocalOnly(h http.Handler, publicURL string) http.Handler {
	public := ""
	if at, err := url.Parse(publicURL); err == nil {
		public = strings.ToLower(at.Hostname())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch host := hostname(r.Host); {
		case !isLocal(host) && host != public:
			http.Error(w, "this service answers to localhost, 127.0.0.1, [::1] and the host of --public-url alone", http.StatusMisdirectedRequest)
		case crossSite(r) && r.URL.Path != "/embed.js":
			http.Error(w, "this service gives nothing to other sites that do not ask by CORS", http.StatusForbidden)
		default:
			h.ServeHTTP(w, r)
		}
	})
}

// hostname is that of a Host field, in lower case, without port and brackets.
func hostname(field string) string {
	host, _, err := net.SplitHostPort(field)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(field, "["), "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// isLocal reports whether a host is this machine whatever names resolve to. A client
// that names none is no browser.
func isLocal(host string) bool {
	if host == "localhost" || host == "" {
		return true
	}
	at, err := netip.ParseAddr(host)
	return err == nil && at.Unmap().IsLoopback()
}

// crossSite reports whether a browser loads r for a page of another site that will
// not read it: a picture, a script, a form's frame has another mode.
func crossSite(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") == "no-cors"
}
