package catalog

// Page sizes of lists and connections, at every level. The descriptions in the
// schema state them.
const (
	DefaultPage = 50  // when the client gives no size
	MaxPage     = 500 // the largest size, and the most ids of one lookup
)
