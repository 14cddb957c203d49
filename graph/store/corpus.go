package store

import (
	"encoding/json"
	"slices"
	"strings"
)

// Corpus names a data set and says under which terms it and its sources stand.
// Its JSON is that of corpus.json and of both stores, and a part of Content.
type Corpus struct {
	Name    string   `json:"name"`
	Version string   `json:"version"`
	Licence string   `json:"licence"`
	Sources []Source `json:"sources"`
	Date    string   `json:"date,omitempty"` // of publication, a partial date
}

// Source is what a corpus was made from, or a corpus that was merged into it,
// with its own sources. Only the name is needed; without the rest its JSON is
// the name alone.
type Source struct {
	Name    string   `json:"name"`
	Version string   `json:"version,omitempty"`
	Licence string   `json:"licence,omitempty"`
	Date    string   `json:"date,omitempty"`
	URL     string   `json:"url,omitempty"`
	Sources []Source `json:"sources,omitempty"`
}

// Merged is the corpus of a store that holds c after d was merged into it: c
// with d as one more source, in the place of an earlier one of its name and
// version. With rename it takes d's name, and c becomes a source.
func (c Corpus) Merged(d Corpus, rename bool) Corpus {
	if same(c.source(), d.source()) {
		c.Licence, c.Date = d.Licence, d.Date
		c.Sources = with(c.Sources, d.Sources...)
		return c
	}
	if !rename {
		c.Sources = with(c.Sources, d.source())
		return c
	}
	// What was merged before stays a source beside c, not within it.
	d.Sources = with(d.Sources, c.source())
	return d
}

// source is a corpus as a source of another.
func (c Corpus) source() Source {
	return Source{Name: c.Name, Version: c.Version, Licence: c.Licence, Date: c.Date, Sources: c.Sources}
}

func same(a, b Source) bool { return a.Name == b.Name && a.Version == b.Version }

// with adds sources to a list, each in the place of one of its name and version.
func with(list []Source, more ...Source) []Source {
	list = slices.Clone(list)
	for _, s := range more {
		if i := slices.IndexFunc(list, func(o Source) bool { return same(o, s) }); i >= 0 {
			list[i] = s
		} else {
			list = append(list, s)
		}
	}
	return list
}

// Attributions are all sources to be named: each, then those it was made from,
// none twice.
func (c Corpus) Attributions() []Source {
	var out []Source
	var walk func([]Source)
	walk = func(list []Source) {
		for _, s := range list {
			flat := s
			flat.Sources = nil
			if !slices.ContainsFunc(out, func(o Source) bool { return o.String() == flat.String() && o.URL == flat.URL }) {
				out = append(out, flat)
			}
			walk(s.Sources)
		}
	}
	walk(c.Sources)
	return out
}

// Texts are the attributions, a text each.
func (c Corpus) Texts() []string {
	texts := []string{}
	for _, s := range c.Attributions() {
		if text := s.String(); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// Licences are the terms of the corpus, then those of its sources, none twice.
func (c Corpus) Licences() []string {
	var out []string
	for _, s := range append([]Source{c.source()}, c.Attributions()...) {
		if s.Licence != "" && !slices.Contains(out, s.Licence) {
			out = append(out, s.Licence)
		}
	}
	return out
}

// String names the source with its version, date and terms.
func (s Source) String() string {
	parts := []string{s.Name}
	if s.Version != "" {
		parts = append(parts, "version "+s.Version)
	}
	if s.Date != "" {
		parts = append(parts, s.Date)
	}
	text := strings.Join(parts, ", ")
	if s.Licence != "" {
		text += " (" + s.Licence + ")"
	}
	return text
}

// plain is a Source without methods.
type plain Source

// MarshalJSON writes a source that is only a name as a text.
func (s Source) MarshalJSON() ([]byte, error) {
	if s.Version+s.Licence+s.Date+s.URL == "" && len(s.Sources) == 0 {
		return json.Marshal(s.Name)
	}
	return json.Marshal(plain(s))
}

// UnmarshalJSON reads both forms.
func (s *Source) UnmarshalJSON(text []byte) error {
	*s = Source{}
	if text[0] == '"' {
		return json.Unmarshal(text, &s.Name)
	}
	return json.Unmarshal(text, (*plain)(s))
}
