package httpapi

import (
	"mime"
	"strconv"
	"strings"
)

// The media types that /graphql can answer with, and the one that asks for the
// playground instead.
const (
	graphqlJSON = "application/graphql-response+json"
	plainJSON   = "application/json"
	html        = "text/html"
)

// negotiate picks the media type of the answer by the Accept fields (RFC 9110,
// 12.5.1): the largest weight, then the type that is named. Between several
// named ones the order is html, graphqlJSON, plainJSON; a client that names
// none of them, or sends no Accept, gets plainJSON. html is offered only with
// pages. "" means 406.
func negotiate(accept []string, pages bool) string {
	if strings.TrimSpace(strings.Join(accept, "")) == "" {
		return plainJSON
	}
	ranges := parseAccept(accept)
	best, weight, named := "", 0.0, false
	for _, offer := range []string{html, graphqlJSON, plainJSON} {
		q, exact := weigh(ranges, offer)
		if offer == html && !(exact && pages) {
			continue // a wildcard does not ask for a page
		}
		if q > weight || q > 0 && q == weight && !named {
			best, weight, named = offer, q, exact
		}
	}
	return best
}

type mediaRange struct {
	name string
	q    float64
}

func parseAccept(fields []string) []mediaRange {
	var out []mediaRange
	for _, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			name, parameters, err := mime.ParseMediaType(item)
			if err != nil || !utf8Charset(parameters) {
				continue
			}
			r := mediaRange{name: name, q: 1}
			if text, ok := parameters["q"]; ok {
				q, err := strconv.ParseFloat(text, 64)
				if err != nil || !(0 <= q && q <= 1) {
					continue
				}
				r.q = q
			}
			out = append(out, r)
		}
	}
	return out
}

// weigh finds the weight of the most specific range that covers offer.
func weigh(ranges []mediaRange, offer string) (q float64, exact bool) {
	kind, _, _ := strings.Cut(offer, "/")
	for _, name := range []string{offer, kind + "/*", "*/*"} {
		found := false
		for _, r := range ranges {
			if r.name == name {
				q, found = max(q, r.q), true
			}
		}
		if found {
			return q, name == offer
		}
	}
	return 0, false
}

func utf8Charset(parameters map[string]string) bool {
	charset, ok := parameters["charset"]
	return !ok || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
