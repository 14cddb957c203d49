package continuity_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"normgraph/graph/continuity"
)

// synthetic is a table of the given size. Groups differ in frequency, as ideas
// do: the k-th is coded about 1/√k as often as the first.
func synthetic(incidents, assessments, groups int) continuity.Table {
	random := rand.New(rand.NewPCG(1, 2))
	t := continuity.Table{Coders: []continuity.Coder{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}}
	for i := range incidents {
		t.Incidents = append(t.Incidents, continuity.Incident{
			ID:    fmt.Sprintf("incident-%05d", i),
			Start: fmt.Sprintf("%04d-%02d-%02d", 1998+random.IntN(27), 1+random.IntN(12), 1+random.IntN(28)), Selected: true,
			Countries: []string{"US"}, Kinds: []string{"DDOS"},
		})
	}
	for g := range groups {
		t.Norms = append(t.Norms, continuity.Norm{
			ID: fmt.Sprintf("core-%03d", g), Name: fmt.Sprint("Idea ", g), Level: continuity.CoreIdea, Scheme: "core",
		})
	}
	relevance := []continuity.Relevance{continuity.Relevant, continuity.Relevant, continuity.PartlyRelevant, continuity.NotRelevant}
	mitigation := []continuity.Mitigation{continuity.Mitigated, continuity.PartlyMitigated, continuity.WouldNotHave, continuity.MitigationUnclear}
	for i := range assessments {
		u := random.Float64()
		a := assessment(fmt.Sprintf("assessment-%06d", i), t.Incidents[random.IntN(incidents)].ID,
			t.Norms[int(u*u*float64(groups))].ID, t.Coders[i%2].ID, relevance[random.IntN(4)])
		a.Mitigation = mitigation[random.IntN(4)]
		t.Assessments = append(t.Assessments, a)
	}
	for i := range 60 {
		a := continuity.Agreement{ID: fmt.Sprintf("agreement-%02d", i), Date: fmt.Sprintf("%04d-06-01", 2000+random.IntN(24))}
		t.Agreements = append(t.Agreements, a)
		for g := range groups {
			if random.IntN(20) == 0 {
				t.Provisions = append(t.Provisions, continuity.Provision{
					Key: a.ID + t.Norms[g].ID, Agreement: a.ID, Norm: t.Norms[g].ID, Basis: continuity.Sourced,
				})
			}
		}
	}
	return t
}

// cheap leaves out what has to be asked for.
func cheap() continuity.Args {
	args := everything(continuity.ByCoreIdea)
	args.PValues, args.ScoreIntervals, args.RankIntervals = false, false, false
	return args
}

func full(resamples int) continuity.Args {
	args := everything(continuity.ByCoreIdea)
	args.Resamples = resamples
	return args
}

func BenchmarkContinuity(b *testing.B) {
	tables := []struct {
		name  string
		table continuity.Table
	}{
		{"corpus", corpus(b)},
		{"2500x100x10000", synthetic(2500, 10_000, 100)},
		{"5000x200x20000", synthetic(5000, 20_000, 200)},
		{"10000x200x40000", synthetic(10_000, 40_000, 200)},
		{"100000x31x400000", synthetic(100_000, 400_000, 31)},
	}
	for _, c := range tables {
		o := index(b, c.table)
		b.Run(c.name+"/index", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				index(b, c.table)
			}
		})
		even := cheap()
		even.Weights = &continuity.Weights{Share: 1, Persistence: 1, Evenness: 1}
		even.ScoreIntervals, even.RankIntervals, even.Resamples = true, true, 1000
		p := cheap()
		p.PValues = true
		jackknife := cheap()
		jackknife.ScoreIntervals = true
		for _, variant := range []struct {
			name string
			args continuity.Args
		}{{"cheap", cheap()}, {"p", p}, {"jackknife", jackknife}, {"all1000", full(1000)}, {"all1000even", even}} {
			b.Run(c.name+"/"+variant.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := o.Continuity(b.Context(), variant.args); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
