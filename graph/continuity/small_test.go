package continuity_test

import (
	"fmt"

	"normgraph/graph/continuity"
)

// small has stated norms that express core ideas, several coders, and
// incidents around a window. All values below are counted by hand from it.
func small() continuity.Table {
	t := continuity.Table{
		Incidents: []continuity.Incident{
			{ID: "i1", Start: "2009-11-30", End: "2010-02", Countries: []string{"US"}, Kinds: []string{"DDOS"}, Selected: true},
			{ID: "i2", Start: "2010", Countries: []string{"US", "CA", "TW"}, Kinds: []string{"DDOS", "LEAK"}, Selected: true},
			{ID: "i3", Start: "2010-06", Countries: []string{"DE"}, Kinds: []string{"LEAK"}, Selected: true},
			{ID: "i4", Start: "2013-05-01", Countries: []string{"XX"}, Kinds: []string{"DDOS"}, Selected: true},
			{ID: "i5", Start: "2014-12-31", Selected: true},
			{ID: "i6", Start: "2012-01-01", Selected: true},  // nobody assessed it
			{ID: "i7", Start: "2012-01-01", Selected: false}, // filtered out
		},
		Norms: []continuity.Norm{
			{ID: "core-x", Name: "Idea X", Level: continuity.CoreIdea, Scheme: "core", Category: "RESTRAINT"},
			{ID: "core-y", Name: "Idea Y", Level: continuity.CoreIdea, Scheme: "core", Category: "RIGHTS"},
			{ID: "core-z", Name: "Idea Z", Level: continuity.CoreIdea, Scheme: "core"},
			{ID: "s-1", Name: "Stated 1", Level: continuity.Stated, Scheme: "s", Category: "RESTRAINT"},
			{ID: "s-2", Name: "Stated 2", Level: continuity.Stated, Scheme: "s"},
			{ID: "s-3", Name: "Stated 3", Level: continuity.Stated, Scheme: "t", Category: "RIGHTS"},
		},
		Mappings: []continuity.Mapping{
			{From: "s-1", To: "core-x", Match: continuity.Exact},
			{From: "s-1", To: "core-x", Match: continuity.Close}, // twice counts once
			{From: "s-1", To: "core-y", Match: continuity.Narrower},
			{From: "s-2", To: "core-y", Match: continuity.Broader}, // not by default
			{From: "s-3", To: "s-1", Match: continuity.Exact},      // not to a core idea: not transitive
		},
		Coders: []continuity.Coder{{ID: "a", Name: "Ann"}, {ID: "b", Name: "Ben"}},
		Agreements: []continuity.Agreement{
			{ID: "g1", Date: "2011-01-01"}, {ID: "g2", Date: "2012"}, {ID: "g3", Date: "2030-01-01"}, {ID: "g4", Date: "2000-01-01"},
		},
		Provisions: []continuity.Provision{
			{Key: "1", Agreement: "g1", Norm: "s-1", Locator: "§ 1", LocatorChecked: true, Basis: continuity.Sourced},
			{Key: "2", Agreement: "g1", Norm: "core-x", Locator: "§ 2", Basis: continuity.Unverified},
			{Key: "3", Agreement: "g2", Norm: "s-2", Basis: continuity.Sourced},
			{Key: "4", Agreement: "g3", Norm: "core-z", Basis: continuity.Sourced},
			{Key: "5", Agreement: "g2", Norm: "core-y", Basis: continuity.Sourced},
		},
		Signatures: []continuity.Signature{
			{Key: "1", Signatory: "me", Agreement: "g2", Role: "PARTY"},
			{Key: "2", Signatory: "me", Agreement: "g1", Role: "SIGNATORY", Date: "2011"},
			{Key: "3", Signatory: "me", Agreement: "g1", Role: "PARTY", Date: "2012"},
			{Key: "4", Signatory: "me", Agreement: "g3", Role: "EXPERT_MEMBER"},
			{Key: "5", Signatory: "you", Agreement: "g3", Role: "PARTY"},
		},
	}
	for i, x := range []struct {
		incident, norm, coder string
		relevance             continuity.Relevance
		conduct               continuity.Conduct
		mitigation            continuity.Mitigation
		counted, assessed     bool
	}{
		{"i1", "core-x", "a", "RELEVANT", "VIOLATED", "MITIGATED", true, true},
		{"i2", "s-1", "a", "RELEVANT", "VIOLATED", "MITIGATED", true, true},
		{"i2", "core-x", "b", "PARTLY_RELEVANT", "UPHELD", "WOULD_NOT", true, true},
		{"i2", "core-x", "a", "PARTLY_RELEVANT", "CONTESTED", "UNCLEAR", true, true},
		{"i3", "core-y", "b", "RELEVANT", "UPHELD", "PARTLY", true, true},
		{"i3", "s-2", "b", "RELEVANT", "UPHELD", "NOT_ASSESSED", true, true},
		{"i4", "core-x", "a", "RELEVANT", "UPHELD", "WOULD_HAVE_MITIGATED", true, true},
		{"i4", "core-y", "a", "NOT_RELEVANT", "NOT_APPLICABLE", "NOT_ASSESSED", true, true},
		{"i5", "core-x", "a", "RELEVANT", "UPHELD", "PARTLY", true, false}, // counted, but its incident is not in E
		{"i7", "core-x", "a", "RELEVANT", "UPHELD", "PARTLY", true, true},
	} {
		t.Assessments = append(t.Assessments, continuity.Assessment{
			ID: fmt.Sprintf("a%02d", i+1), Incident: x.incident, Norm: x.norm, Coder: x.coder, Relevance: x.relevance,
			Conduct: x.conduct, Mitigation: x.mitigation, Method: continuity.Published, Basis: continuity.Sourced,
			Counted: x.counted, Assessed: x.assessed,
		})
	}
	return t
}
