package catalog

// Suffixes that turn a relationship type into a step of one direction, in the
// enum RelationshipType of the API.
const (
	OutSuffix = "_OUT" // along the relationship
	InSuffix  = "_IN"  // against it
)
