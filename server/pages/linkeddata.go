package pages

import "slices"

// linkedData tells machines what the page is about: schema.org, and SKOS for
// norms, as JSON-LD.
func linkedData(v *nodeView, origin string) any {
	at := func(id string) string { return origin + nodePath(id) }
	about := map[string]any{"@id": at(v.ID), "url": at(v.ID), "name": v.Title}
	put := func(key, text string) {
		if text != "" {
			about[key] = text
		}
	}
	put("description", v.Lead)
	if v.Kind == "Norm" {
		return concept(v, at)
	}
	about["@context"] = "https://schema.org"
	about["@type"] = map[string]string{"Agreement": "CreativeWork", "Document": "CreativeWork", "Contribution": "CreativeWork",
		"Incident": "Event", "Meeting": "Event", "Signatory": "Organization", "Coder": "Organization", "Process": "Project",
		"Assessment": "Review", "Question": "Question", "Answer": "Answer"}[v.Kind]
	if about["@type"] == "" {
		about["@type"] = "Thing"
	}
	for _, f := range v.Fields {
		first := f.Values[0].Text
		switch {
		case f.Name == "url":
			about["sameAs"] = first
		case f.Name == "date" && about["@type"] == "CreativeWork":
			about["datePublished"] = first
		case f.Name == "date" || f.Name == "startDate":
			about["startDate"] = first
		case f.Name == "endDate":
			about["endDate"] = first
		case f.Name == "shortTitle":
			about["alternateName"] = first
		case f.Name == "rationale":
			about["reviewBody"] = first
		case f.Name == "country":
			about["location"] = map[string]any{"@type": "Country", "identifier": first}
		case f.Name == "countries":
			var places []any
			for _, c := range f.Values {
				places = append(places, map[string]any{"@type": "Country", "identifier": c.Text})
			}
			about["location"] = places
		}
	}
	for _, r := range v.Relations {
		switch {
		case v.Kind == "Agreement" && r.Name == "norms":
			about["about"] = links(r, at)
		case v.Kind == "Assessment" && r.Name == "incident":
			about["itemReviewed"] = links(r, at)[0]
		case v.Kind == "Assessment" && r.Name == "coder":
			about["author"] = links(r, at)[0]
		}
	}
	return about
}

// concept is a norm as SKOS (https://www.w3.org/TR/skos-reference/).
func concept(v *nodeView, at func(string) string) any {
	c := map[string]any{
		"@context": map[string]any{"skos": "http://www.w3.org/2004/02/skos/core#"},
		"@type":    "skos:Concept", "@id": at(v.ID), "skos:prefLabel": v.Title,
	}
	if v.Lead != "" {
		c["skos:definition"] = v.Lead
	}
	matches := map[string][]any{}
	for _, r := range v.Relations {
		out := slices.Contains([]string{"coreIdeas", "relatedTo"}, r.Name)
		if !out && r.Name != "expressedBy" && r.Name != "relatedFrom" {
			continue
		}
		for _, e := range r.Edges {
			for _, f := range e.Facts {
				if f.Name == "match" {
					key := skosMatch(f.Values[0].Text, out)
					matches[key] = append(matches[key], map[string]any{"@id": at(e.Node.ID)})
				}
			}
		}
	}
	for key, nodes := range matches {
		c[key] = nodes
	}
	return c
}

// skosMatch names a mapping. NARROWER says that the first norm is narrower than
// the second, which is then its broadMatch.
func skosMatch(match string, out bool) string {
	switch {
	case match == "exact":
		return "skos:exactMatch"
	case match == "close":
		return "skos:closeMatch"
	case match == "narrower" && out, match == "broader" && !out:
		return "skos:broadMatch"
	case match == "narrower", match == "broader":
		return "skos:narrowMatch"
	}
	return "skos:relatedMatch"
}

func links(r relation, at func(string) string) []any {
	var all []any
	for _, e := range r.Edges {
		all = append(all, map[string]any{"@id": at(e.Node.ID), "name": e.Node.Label})
	}
	return all
}
