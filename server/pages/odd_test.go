package pages_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Whatever a reader writes into an address or a form is answered or refused in words: it is never the
// program's fault (the log would panic here).
func TestOddAddresses(t *testing.T) {
	h := handler(nil)
	odd := []string{"", " ", "\x00", "\xff\xfe", "*", "\"", "“”", "(", "AND OR NOT", "a*b*", "中国", "\u202e", "<script>", "%", "+", "-1", "1e400", "99999999999999999999", "NaN", "null",
		"[]", "{}", "[\"\"]", `{"a":{"b":1}}`, "~", "~~", "a~b~c", "~2021", "core-supply-chain~", "core-supply-chain~9999999999999999999", "2021-2010", "budapest,,budapest", ".", "..", "/",
		strings.Repeat("word ", 50), strings.Repeat("a", 5000), strings.Repeat("budapest,paris-call,", 40)}
	for _, form := range []string{"/?q=", "/?q=norm&kind=", "/?q=norm&kind=Norm&after=", "/compare?ids=", "/compare?ids=budapest&group=", "/compare?ids=budapest&ids=", "/continuity?group=", "/continuity?from=", "/continuity?to=",
		"/continuity?kind=", "/continuity?method=", "/continuity?match=", "/continuity?period=", "/continuity?resamples=", "/continuity?share=", "/continuity?evenness=", "/continuity?cell=",
		"/continuity?group=CATEGORY&cell=", "/continuity?group=NORM&part=evidence&cell=", "/continuity?part=", "/continuity?revision=", "/node/budapest?norms=", "/embed?document=", "/embed?document=signed-and-party&agreement=",
		"/embed?document=what-recurs&variables=", "/embed/what-recurs?variables=", "/embed/signed-and-party?agreement=", "/embed/signed-and-party?list=", "/data/what-recurs.csv?variables=", "/data/how-alike-are-agreements.json?ids=",
		"/data/what-recurs.csv?assessments=", "/data/what-recurs.csv?weights=", "/data/search-supply-chain.csv?list=", "/oembed?url=", "/oembed?url=http://example.com/node/", "/oembed?url=http://example.com/embed/",
		"/oembed?url=http://example.com/continuity?cell=", "/cite?title=T&address=", "/cite?address=/&title=", "/playground?example=", "/playground?variables="} {
		for _, value := range odd {
			address := form + url.QueryEscape(value)
			if status, body, _ := get(t, h, address); status >= http.StatusInternalServerError {
				t.Errorf("%s: %d %.300s", shortened(address), status, body)
			}
		}
	}
	for _, path := range []string{"/node/", "/data/", "/embed/"} {
		for _, value := range odd {
			if address := path + url.PathEscape(value); value != "" && value != "/" {
				if status, body, _ := get(t, h, address); status >= http.StatusInternalServerError || status == http.StatusOK {
					t.Errorf("%s: %d %.300s", shortened(address), status, body)
				}
			}
		}
	}
}

func shortened(address string) string { return address[:min(len(address), 200)] }
