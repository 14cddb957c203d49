package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/alecthomas/kong"

	"normgraph/graph"
	"normgraph/graph/scan"
)

// limitFlags bound what one request may ask for.
type limitFlags struct {
	MaxTokens     int           `group:"Limits of a request" default:"${tokens}" help:"Tokens of a document."`
	MaxNesting    int           `group:"Limits of a request" default:"${nesting}" help:"Braces, brackets and parentheses open at once."`
	MaxAliases    int           `group:"Limits of a request" default:"${aliases}" help:"Aliases in a document."`
	MaxDirectives int           `group:"Limits of a request" default:"${directives}" help:"Directives in a document."`
	MaxRepeats    int           `group:"Limits of a request" default:"${repeats}" help:"Repeats of one field in a selection."`
	MaxRootFields int           `group:"Limits of a request" default:"${rootFields}" help:"Root fields of an operation."`
	MaxFields     int           `group:"Limits of a request" default:"${fields}" help:"Fields of a document, fragments put in place."`
	MaxDepth      int           `group:"Limits of a request" default:"${depth}" help:"Nested levels of nodes."`
	MaxConditions int           `group:"Limits of a request" default:"${conditions}" help:"Conditions of all filters."`
	MaxValues     int           `group:"Limits of a request" default:"${values}" help:"Names, scalars, lists and objects in the variables."`
	MaxSelections int           `group:"Limits of a request" default:"${selections}" help:"Response keys of an operation."`
	MaxRows       int64         `group:"Limits of a request" default:"${rows}" help:"Expected rows of an answer."`
	MaxWorstRows  int64         `group:"Limits of a request" default:"${worstRows}" help:"Rows of an answer in the worst case."`
	MaxAnswer     int64         `group:"Limits of a request" default:"${answer}" help:"Bytes of an answer."`
	MaxIntrospect int64         `name:"max-introspection" group:"Limits of a request" default:"${introspection}" help:"Values of an answer from the schema."`
	MaxVisited    int64         `group:"Limits of a request" default:"${visited}" help:"Related nodes that filters are expected to look at."`
	MaxPoints     int64         `group:"Limits of a request" default:"${points}" help:"Points of work that a statement is expected to take, some four microseconds each."`
	MaxSubqueries int64         `group:"Limits of a request" default:"${subqueries}" help:"Lists, counts and conditions across relations, each as often as it is nested."`
	Timeout       time.Duration `group:"Limits of a request" default:"10s" help:"Time to answer."`
}

// limitDefaults are the values behind the flags' ${…}.
func limitDefaults() kong.Vars {
	d := graph.DefaultLimits()
	return kong.Vars{
		"tokens": strconv.Itoa(d.Scan.Tokens), "nesting": strconv.Itoa(d.Scan.Nesting), "aliases": strconv.Itoa(d.Scan.Aliases),
		"directives": strconv.Itoa(d.Scan.Directives), "repeats": strconv.Itoa(d.Scan.Repeats), "rootFields": strconv.Itoa(d.Scan.RootFields),
		"fields": strconv.Itoa(d.Fields), "depth": strconv.Itoa(d.Depth), "selections": strconv.Itoa(d.Selections),
		"conditions": strconv.Itoa(d.Conditions), "values": strconv.Itoa(d.Scan.Values),
		"rows": strconv.FormatInt(d.Rows, 10), "worstRows": strconv.FormatInt(d.WorstRows, 10), "visited": strconv.FormatInt(d.Visited, 10), "points": strconv.FormatInt(d.Points, 10), "subqueries": strconv.FormatInt(d.Subqueries, 10),
		"answer": strconv.FormatInt(d.Answer, 10), "introspection": strconv.FormatInt(d.Introspection, 10),
	}
}

func (f *limitFlags) limits() graph.Limits {
	return graph.Limits{
		Scan: scan.Limits{Tokens: f.MaxTokens, Nesting: f.MaxNesting, Aliases: f.MaxAliases,
			Directives: f.MaxDirectives, Repeats: f.MaxRepeats, RootFields: f.MaxRootFields, Values: f.MaxValues},
		Fields: f.MaxFields, Depth: f.MaxDepth, Selections: f.MaxSelections, Conditions: f.MaxConditions, Rows: f.MaxRows, WorstRows: f.MaxWorstRows, Visited: f.MaxVisited, Points: f.MaxPoints, Subqueries: f.MaxSubqueries, Answer: f.MaxAnswer, Introspection: f.MaxIntrospect,
	}
}

func (f *limitFlags) check() error {
	return positive([]limit{
		{"--max-tokens", int64(f.MaxTokens)}, {"--max-nesting", int64(f.MaxNesting)}, {"--max-aliases", int64(f.MaxAliases)},
		{"--max-directives", int64(f.MaxDirectives)}, {"--max-repeats", int64(f.MaxRepeats)}, {"--max-root-fields", int64(f.MaxRootFields)},
		{"--max-fields", int64(f.MaxFields)}, {"--max-depth", int64(f.MaxDepth)}, {"--max-conditions", int64(f.MaxConditions)}, {"--max-values", int64(f.MaxValues)}, {"--max-selections", int64(f.MaxSelections)},
		{"--max-rows", f.MaxRows}, {"--max-worst-rows", f.MaxWorstRows}, {"--max-visited", f.MaxVisited}, {"--max-points", f.MaxPoints}, {"--max-subqueries", f.MaxSubqueries}, {"--max-answer", f.MaxAnswer}, {"--max-introspection", f.MaxIntrospect}, {"--timeout", int64(f.Timeout)},
	})
}

type limit struct {
	flag  string
	value int64
}

// positive refuses limits of 0 and less: there is no "unlimited".
func positive(limits []limit) error {
	for _, l := range limits {
		if l.value <= 0 {
			return fmt.Errorf("%s must be greater than 0: every limit holds, 0 does not turn it off", l.flag)
		}
	}
	return nil
}
