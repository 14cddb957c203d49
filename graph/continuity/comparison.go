package continuity

import (
	"cmp"
	"slices"
)

// Comparison is groups against agreements.
type Comparison struct {
	Agreements []string // in the order given
	Rows       []ComparisonRow
}

// ComparisonRow is one group that at least one of the agreements states; rows
// are ordered by the number of agreements that do, descending, then key. Cells
// stand in the order of the agreements, one for each.
type ComparisonRow struct {
	Group
	Cells []ComparisonCell
}

// ComparisonCell holds the provisions by which an agreement states the group,
// by norm and key; none if it does not.
type ComparisonCell struct {
	Agreement  string
	Provisions []StatedProvision
}

// StatedProvision is a provision and how its norm leads to the group: Match is
// the closest mapping, empty if the norm itself, its category or its scheme is
// the group.
type StatedProvision struct {
	*Provision
	Match Match
}

// Compare sets the agreements side by side.
func (o *Observations) Compare(args TextArgs) (*Comparison, error) {
	agreements, g, set, err := o.texts(args, maxCompared)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Agreements: slices.Clone(args.IDs)}
	rows := make([]ComparisonRow, len(g.groups))
	stating := make([]int, len(g.groups))
	for i, group := range g.groups {
		rows[i] = ComparisonRow{group, make([]ComparisonCell, len(agreements))}
		for j, a := range agreements {
			rows[i].Cells[j].Agreement = a.id
		}
	}
	for j, a := range agreements {
		for _, p := range o.contains[a.pos] {
			for _, group := range g.of[p.norm] {
				cell := &rows[group].Cells[j]
				stating[group] += btoi(len(cell.Provisions) == 0)
				cell.Provisions = append(cell.Provisions, StatedProvision{p.Provision, o.match(p.norm, g.groups[group], set)})
			}
		}
	}
	var order []int
	for i, n := range stating {
		if n > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(stating[b], stating[a]) })
	for _, i := range order {
		c.Rows = append(c.Rows, rows[i])
	}
	return c, nil
}
