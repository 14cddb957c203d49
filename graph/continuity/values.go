package continuity

import "slices"

// Relevance is how far a norm bears on an incident, as a coder judged it.
type Relevance string

// Conduct is how the conduct in an incident stands to a norm.
type Conduct string

// Mitigation is whether following the norm lessened the harm, or would have.
type Mitigation string

// Method is how an assessment came about.
type Method string

// Basis says whether a row was read in the named source.
type Basis string

// Match is the kind of a mapping between norms, as in SKOS.
type Match string

// Level tells a hub idea from a norm as one text words it.
type Level string

// The values of the graph's enums that a definition here depends on.
const (
	Relevant       Relevance = "RELEVANT"
	PartlyRelevant Relevance = "PARTLY_RELEVANT"
	NotRelevant    Relevance = "NOT_RELEVANT"

	ConductNotAssessed Conduct = "NOT_ASSESSED"

	Mitigated             Mitigation = "MITIGATED"
	WouldHaveMitigated    Mitigation = "WOULD_HAVE_MITIGATED"
	PartlyMitigated       Mitigation = "PARTLY"
	WouldNotHave          Mitigation = "WOULD_NOT"
	MitigationUnclear     Mitigation = "UNCLEAR"
	MitigationNotAssessed Mitigation = "NOT_ASSESSED"

	Published Method = "PUBLISHED"

	Sourced    Basis = "SOURCED"
	Unverified Basis = "UNVERIFIED"

	Exact    Match = "EXACT"
	Close    Match = "CLOSE"
	Broader  Match = "BROADER"
	Narrower Match = "NARROWER"
	Related  Match = "RELATED"

	CoreIdea Level = "CORE_IDEA"
	Stated   Level = "STATED"
)

// Enum order: lists of values leave in it, and it is the ordinal scale of
// relevance (strongest first).
var (
	relevances  = []Relevance{Relevant, PartlyRelevant, NotRelevant}
	conducts    = []Conduct{"UPHELD", "VIOLATED", "CONTESTED", "NOT_APPLICABLE", ConductNotAssessed}
	mitigations = []Mitigation{Mitigated, WouldHaveMitigated, PartlyMitigated, WouldNotHave, MitigationUnclear, MitigationNotAssessed}
	methods     = []Method{Published, "DATASET_DERIVED", "EDITORIAL_CANDIDATE", "AUTOMATED_READING"}
	bases       = []Basis{Sourced, Unverified}
	matches     = []Match{Exact, Close, Broader, Narrower, Related}
	levels      = []Level{CoreIdea, Stated}
)

// credit is what a mitigation value adds to the mean of an incident; the last
// two values are no judgement and add nothing.
var credit = [...]float64{1, 1, 0.5, 0}

// code is the place of value in its enum, −1 if it is not there.
func code[T comparable](enum []T, value T) int8 { return int8(slices.Index(enum, value)) }
