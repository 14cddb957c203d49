package continuity_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/graph/continuity"
)

func TestTextsSideBySide(t *testing.T) {
	o := index(t, small())
	similar, err := o.Similarity(continuity.TextArgs{IDs: []string{"g2", "g1", "g4"}, GroupBy: continuity.ByCoreIdea})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range similar {
		got = append(got, fmt.Sprint(s.A, " ", s.B, " ", s.Shared, " ", s.Jaccard, " ", s.Overlap))
	}
	if diff := cmp.Diff([]string{"g2 g1 1 0.5 1", "g2 g4 0 0 null", "g1 g4 0 0 null"}, got); diff != "" {
		t.Error(diff)
	}

	c, err := o.Compare(continuity.TextArgs{IDs: []string{"g2", "g1"}, GroupBy: continuity.ByCoreIdea, Matches: []continuity.Match{continuity.Close, continuity.Narrower}})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			line := r.Key + " " + cell.Agreement
			for _, p := range cell.Provisions {
				line += fmt.Sprint(" ", p.Key, "/", p.Norm, "/", p.Match, "/", p.Locator)
			}
			got = append(got, line)
		}
	}
	want := []string{"core-y g2 5/core-y//", "core-y g1 1/s-1/NARROWER/§ 1", "core-x g2", "core-x g1 2/core-x//§ 2 1/s-1/CLOSE/§ 1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCommitments(t *testing.T) {
	o := index(t, small())
	list := func(args continuity.CommitmentArgs) (lines []string) {
		c, err := o.Commitments(args)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range [][]continuity.Commitment{c.CoreIdeas, c.Other} {
			for _, x := range group {
				for _, p := range x.Paths {
					lines = append(lines, fmt.Sprint(x.Norm, ": ", p.Signature.Agreement, " ", p.Role, " ", p.Date, " ", p.Norm, " ", p.Locator, " ", p.Match))
				}
			}
			lines = append(lines, "")
		}
		return lines
	}
	want := []string{
		"core-y: g1 PARTY 2012 s-1 § 1 NARROWER", "core-y: g1 SIGNATORY 2011 s-1 § 1 NARROWER", "core-y: g2 PARTY  core-y  ",
		"core-x: g1 PARTY 2012 core-x § 2 ", "core-x: g1 PARTY 2012 s-1 § 1 EXACT", "core-x: g1 PARTY 2012 s-1 § 1 CLOSE",
		"core-x: g1 SIGNATORY 2011 core-x § 2 ", "core-x: g1 SIGNATORY 2011 s-1 § 1 EXACT", "core-x: g1 SIGNATORY 2011 s-1 § 1 CLOSE",
		"", "s-2: g2 PARTY  s-2  ", "",
	}
	if diff := cmp.Diff(want, list(continuity.CommitmentArgs{Signatory: "me"})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"core-z: g3 EXPERT_MEMBER  core-z  ", "", ""}, list(continuity.CommitmentArgs{Signatory: "me", Roles: []string{"EXPERT_MEMBER"}})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", ""}, list(continuity.CommitmentArgs{Signatory: "nobody"})); diff != "" {
		t.Error(diff)
	}
}

func TestBorda(t *testing.T) {
	got, err := continuity.Borda([]continuity.Ranking{
		{Contribution: "c1", Norm: "a", Rank: 1}, {Contribution: "c1", Norm: "b", Rank: 2}, {Contribution: "c1", Norm: "c", Rank: 2}, {Contribution: "c1", Norm: "d", Rank: 4},
		{Contribution: "c2", Norm: "b", Rank: 1}, {Contribution: "c2", Norm: "a", Rank: 7},
		{Contribution: "c3", Norm: "d", Rank: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	// c1 gives a 3, b and c 4 − 2.5 each, d 0; c2 gives b 1, a 0; c3 nothing.
	want := []string{"a 3 1.5 2", "b 2.5 1.75 2", "c 1.5 2.5 1", "d 0 2.5 2"}
	var have []string
	for _, r := range got {
		have = append(have, fmt.Sprint(r.Norm, " ", r.Borda, " ", r.MeanRank, " ", r.Rankers))
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
	if _, err := continuity.Borda([]continuity.Ranking{{Contribution: "c", Norm: "a", Rank: 1}, {Contribution: "c", Norm: "a", Rank: 2}}); err == nil {
		t.Error("a norm ranked twice was taken")
	}
}
