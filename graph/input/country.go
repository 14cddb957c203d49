package input

import "golang.org/x/text/language"

// former are the withdrawn codes (ISO 3166-3) without a single successor, which
// the language library cannot tell from current ones.
var former = map[string]bool{"AN": true, "CS": true, "NT": true, "SU": true, "YU": true}

// IsCountryCode reports whether s is an officially assigned code of ISO 3166-1
// alpha-2. Reserved codes such as UK and user-assigned ones such as XK are not.
func IsCountryCode(s string) bool {
	if len(s) != 2 || former[s] {
		return false
	}
	r, err := language.ParseRegion(s)
	return err == nil && r.String() == s && r.IsCountry() && !r.IsPrivateUse() && r.M49() != 0 && r.Canonicalize() == r
}
