package graph

import "strings"

// by adds a column in a direction to an ORDER BY list.
func by(list []string, column string, direction *SortDirection) []string {
	if direction == nil {
		return list
	}
	return append(list, column+" "+direction.String())
}

// ordered ends an ORDER BY list with the id, which makes it total.
func ordered(list []string) string {
	if len(list) == 0 || !strings.HasPrefix(list[len(list)-1], "n.id") {
		list = append(list, "n.id")
	}
	return strings.Join(list, ", ")
}

func agreementOrder(sort []*AgreementSort) string {
	var list []string
	for _, s := range sort {
		list = by(by(list, "n.id", s.ID), "n.year", s.Year)
	}
	return ordered(list)
}

func normOrder(sort []*NormSort) string {
	var list []string
	for _, s := range sort {
		list = by(by(list, "n.id", s.ID), "n.name", s.Name)
	}
	return ordered(list)
}

func assessmentOrder(sort []*AssessmentSort) string {
	var list []string
	for _, s := range sort {
		list = by(list, "n.id", s.ID)
	}
	return ordered(list)
}

func signatoryOrder(sort []*SignatorySort) string {
	var list []string
	for _, s := range sort {
		list = by(by(list, "n.id", s.ID), "n.name", s.Name)
	}
	return ordered(list)
}

func signatureOrder(sort []*AgreementSignatoriesConnectionSort) string {
	var list []string
	for _, s := range sort {
		if s.Node != nil {
			list = by(by(list, "n.id", s.Node.ID), "n.name", s.Node.Name)
		}
		if s.Edge != nil {
			list = by(list, "e.role", s.Edge.Role)
		}
	}
	return ordered(list)
}
