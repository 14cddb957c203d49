package graph_test

import (
	"testing"

	"normgraph/graph"
)

// An answer that holds any of the data says which revision it is of.
func TestRevisionIsTold(t *testing.T) {
	s := corpusService(t)
	for document, told := range map[string]bool{
		`{ corpus { name } }`:                                                           true,
		`{ agreements(limit: 0) { id } }`:                                               true,
		`{ normContinuity { assessedIncidents } }`:                                      true,
		`{ __schema { queryType { name } } }`:                                           false,
		`query ($no: Boolean = false) { corpus @include(if: $no) { name } __typename }`: false,
	} {
		r := s.Execute(t.Context(), graph.Request{Document: document})
		_, has := r.Extensions["revision"]
		if len(r.Errors) > 0 || has != told {
			t.Errorf("%s: %v %v", document, r.Errors, r.Extensions)
		}
	}
}
