package pages

import "html/template"

// The measures of the heat map as a picture of its own, in its units.
const (
	svgColumn, svgRow     = 24.0, 26.0
	svgCells, svgFirstRow = 372.0, 132.0 // middle of the first column and row
)

var svgFunctions = template.FuncMap{
	"svgWidth":  func(v *continuityView) float64 { return svgCells + svgColumn*float64(len(v.Assessed())) + 12 },
	"svgHeight": func(v *continuityView) float64 { return svgFirstRow + svgRow*float64(len(v.Continuum.Edges)) + 24 },
	"svgFoot":   func(v *continuityView) float64 { return svgFirstRow + svgRow*float64(len(v.Continuum.Edges)) + 8 },
	"svgX":      func(column int) float64 { return svgCells + svgColumn*float64(column) },
	"svgY":      func(row int) float64 { return svgFirstRow + svgRow*float64(row) },
	"svgLeft":   func(column int, p periodShare) float64 { return svgCells + svgColumn*float64(column) - svgSide(p)/2 },
	"svgTop":    func(row int, p periodShare) float64 { return svgFirstRow + svgRow*float64(row) - svgSide(p)/2 },
	"svgSide":   svgSide,
	"svgOpacity": func(p periodShare) float64 {
		return []float64{0.05, 0.14, 0.28, 0.42, 0.84, 1}[p.Strength()]
	},
	"clip": func(text string) string { return shorten(text, 40) },
}

func svgSide(p periodShare) float64 { return []float64{0, 15, 19, 22}[p.Size()] }
