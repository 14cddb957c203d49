package pages

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// revisionName is the parameter with the revision that an address was made at.
const revisionName = "revision"

// trackers are the parameters that advertisers, mailings and social networks add
// to the addresses of others. They are passed over everywhere.
var trackers = []string{"_ga", "_gl", "_hsenc", "_hsmi", "dclid", "fbclid", "gad_source", "gbraid", "gclid", "igsh", "igshid",
	"li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ref", "ref_src", "ref_url", "srsltid", "ttclid", "twclid", "wbraid", "yclid"}

// IsTracker reports whether a parameter of that name is passed over.
func IsTracker(name string) bool {
	return strings.HasPrefix(name, "utm_") || slices.Contains(trackers, name)
}

// parameters reads the query of an address. What nothing here knows is refused, so
// that nobody takes an answer for that of another question. Those in lists may stand
// several times; revision is always known.
func parameters(raw string, singles []string, lists ...string) (url.Values, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("The address is not encoded as it should be: %%XX for reserved characters, & between parameters.")
	}
	known := append(slices.Concat(singles, lists), revisionName)
	for _, name := range slices.Sorted(maps.Keys(query)) {
		switch {
		case !slices.Contains(known, name) && IsTracker(name):
			delete(query, name)
		case !slices.Contains(known, name):
			return nil, unknown("This page has no parameter", name, known)
		case len(query[name]) > 1 && !slices.Contains(lists, name):
			return nil, badRequest("%s is given %d times; one value was expected.", name, len(query[name]))
		}
	}
	return query, nil
}

// unknown refuses a parameter that nothing knows.
func unknown(none, name string, known []string) *fault {
	takes := "none"
	if len(known) > 0 {
		takes = strings.Join(known, ", ")
	}
	return badRequest("%s “%s”; it takes %s.", none, shorten(name, 40), takes)
}

// revisionOf refuses an address that names another revision than now, the only
// one that is kept: what is shown would be taken for what was there then.
func revisionOf(query url.Values, now int64) error {
	if !query.Has(revisionName) {
		return nil
	}
	status, message := OfRevision(query.Get(revisionName), now)
	if status == http.StatusOK {
		return nil
	}
	return &fault{status: status, message: message, now: true}
}

// OfRevision is the status for an address that names a revision, and for all but 200 the reason.
func OfRevision(named string, now int64) (status int, message string) {
	n, err := strconv.ParseInt(named, 10, 64)
	switch {
	case err != nil || n < 1:
		return http.StatusBadRequest, fmt.Sprintf("revision is “%s”; the number of a revision, from 1, was expected.", shorten(named, 40))
	case n > now:
		return http.StatusNotFound, fmt.Sprintf("There is no revision %d of the data: the current one is %d.", n, now)
	case n < now:
		return http.StatusGone, fmt.Sprintf("Revision %d of the data is no longer kept: the current one is %d.", n, now)
	}
	return http.StatusOK, ""
}

// withoutRevision is the same address for what is there now.
func withoutRevision(at *url.URL) string {
	query := at.Query()
	query.Del(revisionName)
	if len(query) == 0 {
		return at.EscapedPath()
	}
	return at.EscapedPath() + "?" + query.Encode()
}
