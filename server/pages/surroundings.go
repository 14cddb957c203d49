package pages

import (
	"math"
	"slices"
	"strings"

	"normgraph/web"
)

// picture is a node and its neighbours on a circle around it, grouped by kind.
type picture struct {
	Width, Height float64
	Lines         []line
	Marks         []mark   // the node itself is the first
	Legend        []string // kinds, in the order of the circle
	More          int      // neighbours that are not drawn
}

type line struct{ X1, Y1, X2, Y2 float64 }

// mark is one node of the picture.
type mark struct {
	X, Y, LabelX float64
	Label, Href  string
	Full         string // the whole label and what it is
	Anchor       string // start or end, of the label
	Kind         string
	Looks        kindMark
}

const (
	pictureWidth, pictureHeight = 760.0, 470.0
	pictureRadiusX              = 95.0
	pictureNeighbours           = 26
	labelRunes                  = 32
)

// neighbour is a node beside another, across one relationship, or across an assessment.
type neighbour struct{ ID, Kind, Label string }

// surroundings draws what a node is related to; nil if that is nothing.
func surroundings(v *nodeView) *picture {
	var around []neighbour
	more := 0
	turns := make([][]neighbour, 0, len(v.Relations))
	seen := map[string]bool{v.ID: true}
	for _, r := range v.Relations {
		var row []neighbour
		for _, e := range r.Edges {
			if n := neighbourOf(v, e.Node); !seen[n.ID] {
				seen[n.ID] = true
				row = append(row, n)
			}
		}
		more += r.Total - len(r.Edges)
		turns = append(turns, row)
	}
	// Relations take turns, so that a long one leaves room for the others.
	for i := 0; ; i++ {
		any := false
		for _, row := range turns {
			if i >= len(row) {
				continue
			}
			any = true
			if len(around) < pictureNeighbours {
				around = append(around, row[i])
			} else {
				more++
			}
		}
		if !any {
			break
		}
	}
	if len(around) == 0 {
		return nil
	}
	return draw(v, around, more)
}

// neighbourOf looks through a node without a name of its own, such as an
// assessment, at what it joins v to.
func neighbourOf(v *nodeView, n brief) neighbour {
	if len(n.Ends) > 1 {
		switch v.ID {
		case n.Ends[0].ID:
			return n.Ends[1]
		case n.Ends[1].ID:
			return n.Ends[0]
		}
	}
	return neighbour{n.ID, n.Kind, n.Label}
}

// draw puts the neighbours on two sides of an ellipse, as far apart in height
// as it goes, so that their labels stand free.
func draw(v *nodeView, around []neighbour, more int) *picture {
	slices.SortStableFunc(around, func(a, b neighbour) int { return strings.Compare(a.Kind, b.Kind) })
	p := &picture{Width: pictureWidth, Height: pictureHeight, More: more}
	const middleX, middleY, reach = pictureWidth / 2, pictureHeight / 2, pictureHeight/2 - 16
	p.Marks = append(p.Marks, mark{X: middleX, Y: middleY, Full: v.Title, Href: nodePath(v.ID), Kind: v.Kind, Looks: markOf(v.Kind)})
	right := (len(around) + 1) / 2
	for i, n := range around {
		m := mark{Label: shorten(n.Label, labelRunes), Href: nodePath(n.ID), Kind: n.Kind, Looks: markOf(n.Kind),
			Full: n.Label + ", " + strings.ToLower(web.Spaced(n.Kind))}
		at, of, side := i, right, 1.0
		if i >= right { // clockwise: down on the right, up on the left
			of = len(around) - right
			at, side = of-1-(i-right), -1
		}
		height := 2*(float64(at)+0.5)/float64(of) - 1 // from -1 to 1
		m.Y = round(middleY + height*reach)
		m.X = round(middleX + side*(30+pictureRadiusX*math.Sqrt(1-height*height)))
		m.Anchor, m.LabelX = "start", m.X+12
		if side < 0 {
			m.Anchor, m.LabelX = "end", m.X-12
		}
		p.Marks = append(p.Marks, m)
		p.Lines = append(p.Lines, line{middleX, middleY, m.X, m.Y})
		if !slices.Contains(p.Legend, n.Kind) {
			p.Legend = append(p.Legend, n.Kind)
		}
	}
	return p
}

func round(x float64) float64 { return math.Round(x*10) / 10 }

// shorten cuts a text at a word.
func shorten(text string, runes int) string {
	letters := []rune(text)
	if len(letters) <= runes {
		return text
	}
	cut := string(letters[:runes-1])
	if space := strings.LastIndexByte(cut, ' '); space > len(cut)/2 {
		cut = cut[:space]
	}
	if open := strings.LastIndexByte(cut, '('); open > 0 && !strings.Contains(cut[open:], ")") {
		cut = strings.TrimSpace(cut[:open])
	}
	return cut + "…"
}
