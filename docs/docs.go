// Package docs holds what the pages show of the documentation.
package docs

import _ "embed"

// Continuity says what the figures of norm continuity mean, as Markdown.
//
//go:embed continuity.md
var Continuity []byte
