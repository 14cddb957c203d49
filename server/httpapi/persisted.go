package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
)

// Automatic persisted queries: a client sends the SHA-256 of its query alone. Here
// the hashes of trusted documents are known; queries of clients are not kept, so
// that nothing is stored for strangers. Told so, Apollo Client and urql send the
// query, and no hash alone from then on.

// persisted is extensions.persistedQuery.
type persisted struct {
	Version    int    `json:"version"`
	Sha256Hash string `json:"sha256Hash"`
}

// persistedIn reads it from the extensions, a JSON object or null; nil: it is not there.
func persistedIn(extensions json.RawMessage) (*persisted, *refusal) {
	var given struct {
		PersistedQuery json.RawMessage `json:"persistedQuery"`
	}
	if len(extensions) == 0 || json.Unmarshal(extensions, &given) != nil || kindOf(given.PersistedQuery) == "null" {
		return nil, nil
	}
	var p persisted
	if json.Unmarshal(given.PersistedQuery, &p) != nil || p.Version != 1 {
		return nil, badRequest(`extensions.persistedQuery is not {"version": 1, "sha256Hash": "…"}`)
	}
	p.Sha256Hash = strings.ToLower(p.Sha256Hash)
	if sum, err := hex.DecodeString(p.Sha256Hash); err != nil || len(sum) != sha256.Size {
		return nil, badRequest("extensions.persistedQuery.sha256Hash is no SHA-256 in hex")
	}
	return &p, nil
}

// resolve puts the document that is named in p's parameters.
func (a *api) resolve(p *parameters) *refusal {
	named := p.persisted
	switch {
	case named == nil || p.documentID != nil:
		return nil
	case p.query != nil:
		sum := sha256.Sum256([]byte(*p.query))
		if hex.EncodeToString(sum[:]) != named.Sha256Hash {
			return badRequest("extensions.persistedQuery.sha256Hash is not the SHA-256 of the query")
		}
		return nil
	}
	if _, trusted := a.Documents.Find(named.Sha256Hash); trusted {
		p.documentID = &named.Sha256Hash
		return nil
	}
	if a.DocumentsOnly {
		return nil // refused as every other query
	}
	// Clients look for these words, and some for the status.
	return &refusal{status: http.StatusOK, code: codeNotSupported, message: "PersistedQueryNotSupported"}
}
