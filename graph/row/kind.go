package row

import "normgraph/graph/catalog"

type kind = catalog.Kind

const (
	kindString = catalog.String
	kindInt    = catalog.Int
	kindFloat  = catalog.Float
	kindBool   = catalog.Boolean
)
