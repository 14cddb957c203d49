package neo4j

import (
	"encoding/json"
	"fmt"
	"time"

	"normgraph/graph/store"
)

// The marker is the one node (:NormgraphRevision). Its properties:
//
//	number   of the revision; 0 before the first load has ended
//	content  hash, store id, loaded (RFC 3339), corpus, counts, degrees (JSON)
//	format   of the stored data, see formatVersion
//	search   form of the hidden search properties, see store.SearchForm
//	by       the write that made the revision
//	owner    the write under way, and lease, the time it is trusted until
//	loading  the target content of a large load that is not finished
//
// Times are milliseconds of the server's clock. How a reader knows that it read
// one revision says commit.go.
const (
	markerLabel = "NormgraphRevision"
	marker      = "m"
	markerState = ".number, .content, .store, .loaded, .loading"
)

// formatVersion changes when the form of the stored data does, but for the tokens
// in hidden properties.
const formatVersion = 1

// state is what every read learns of the marker.
type state struct {
	revision store.Revision
	loading  string // "" when no large load is unfinished
}

func readState(v any) (state, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return state{}, fmt.Errorf("neo4j: the marker's state is a %T", v)
	}
	var s state
	s.revision.Number, _ = m["number"].(int64)
	s.revision.Content, _ = m["content"].(string)
	s.revision.Store, _ = m["store"].(string)
	s.loading, _ = m["loading"].(string)
	if text, _ := m["loaded"].(string); text != "" {
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return s, fmt.Errorf("neo4j: the marker's time: %w", err)
		}
		s.revision.Loaded = t
	}
	return s, nil
}

// refusal says why the data in this state is not served; nil when it is.
func (s state) refusal() error {
	switch {
	case s.loading != "":
		return &store.Error{Code: store.Unavailable, Message: "a load is in progress or was interrupted; run load again if it does not end"}
	case s.revision.Number == 0:
		return errEmpty
	}
	return nil
}

var errEmpty = &store.Error{Code: store.Unavailable, Message: "the store holds no corpus yet; run load"}

// readInfo reads the marker's properties as a whole.
func readInfo(v any) (*store.Info, error) {
	s, err := readState(v)
	if err != nil {
		return nil, err
	}
	info := &store.Info{Revision: s.revision}
	m := v.(map[string]any)
	for name, to := range map[string]any{"corpus": &info.Corpus, "counts": &info.Counts, "degrees": &info.Degrees} {
		text, _ := m[name].(string)
		if err := json.Unmarshal([]byte(text), to); err != nil {
			return nil, fmt.Errorf("neo4j: the marker's %s: %w", name, err)
		}
	}
	return info, nil
}
