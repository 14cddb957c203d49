package store

// Info describes one revision.
type Info struct {
	Revision Revision
	Corpus   Corpus
	Counts   []Count // one per stored type, catalog order
	Degrees  Degrees
}

// Count is the number of nodes of one type.
type Count struct {
	Kind  string `json:"kind"`
	Count int64  `json:"count"`
}

// Degrees holds for each relation, by "Owner.field", how many nodes of the
// owner have how many related nodes (relationships): pairs of degree and number
// of nodes, ascending by degree, zero included.
type Degrees map[string][]Degree

// Degree says that Nodes nodes have Degree relationships.
type Degree struct {
	Degree int64 `json:"d"`
	Nodes  int64 `json:"n"`
}
