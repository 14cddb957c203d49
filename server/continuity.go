package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"go.uber.org/zap"

	"normgraph/graph"
)

type continuityCmd struct {
	storeFlags
	limitFlags

	Format      string   `default:"table" enum:"table,csv,json,markdown" help:"How to print: ${enum}. Default: ${default}."`
	GroupBy     string   `default:"CORE_IDEA" enum:"NORM,CORE_IDEA,CATEGORY,SCHEME" help:"What norms are gathered into: ${enum}. Default: ${default}."`
	From        string   `placeholder:"DATE" help:"Leave out incidents that began before: YYYY, YYYY-MM or YYYY-MM-DD."`
	To          string   `placeholder:"DATE" help:"Leave out incidents that began after."`
	AsOf        string   `placeholder:"DATE" help:"Hide incidents and agreements of later days."`
	Method      []string `placeholder:"METHOD" help:"Only assessments made so: PUBLISHED, DATASET_DERIVED, EDITORIAL_CANDIDATE, AUTOMATED_READING."`
	Coder       []string `placeholder:"ID" help:"Only assessments of these coders."`
	Relevance   []string `placeholder:"VALUE" help:"Values that count. Default: RELEVANT,PARTLY_RELEVANT."`
	Match       []string `placeholder:"KIND" help:"Mappings by which norms count for core ideas. Default: EXACT,CLOSE,NARROWER."`
	Incidents   string   `placeholder:"JSON" help:"Only incidents that pass this filter, an IncidentWhere."`
	PeriodYears int      `default:"1" help:"Years of the periods that persistence counts. Default: ${default}."`
	Resamples   int      `default:"1000" help:"Resamples for the interval of the rank. Default: ${default}."`
	Seed        int      `default:"1" help:"Seed of the resampling. Default: ${default}."`
	Unobserved  bool     `help:"Print groups without an assessment that counts too."`
	Top         int      `placeholder:"N" help:"Print the first N rows only. Default: all."`
}

// Help is the long help of the command.
func (continuityCmd) Help() string {
	return `Ranks norms, or the core ideas behind them, by how broadly they recur through incidents, with
intervals and caveats. docs/continuity.md explains the figures. Examples:

  normgraph continuity
  normgraph continuity --coder coder-reading-a --from 2010 --top 10
  normgraph continuity --group-by CATEGORY --format markdown
  normgraph continuity --incidents '{"countries": {"includes": "EE"}}' --format csv`
}

// Validate checks what kong cannot.
func (c *continuityCmd) Validate() error {
	if c.Top < 0 {
		return errors.New("--top must not be negative")
	}
	return c.check()
}

// Run asks the service for all rows and prints them.
func (c *continuityCmd) Run(ctx context.Context, log *zap.Logger) (err error) {
	variables, err := c.variables()
	if err != nil {
		return err
	}
	target, err := c.target(log)
	if err != nil {
		return err
	}
	b := newBackend(target, c.limits(), log)
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.attempt(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	step, done := resampling(c.Resamples)
	answer, err := c.ask(ctx, b, variables, step)
	done()
	if err != nil {
		return err
	}
	return printers[c.Format](os.Stdout, answer)
}

// variables are those of continuityDocument, less the page.
func (c *continuityCmd) variables() (map[string]any, error) {
	v := map[string]any{
		"groupBy": c.GroupBy, "periodYears": c.PeriodYears, "resamples": c.Resamples, "seed": c.Seed, "includeUnobserved": c.Unobserved,
	}
	for name, date := range map[string]string{"from": c.From, "to": c.To, "asOf": c.AsOf} {
		if date != "" {
			v[name] = date
		}
	}
	for name, list := range map[string][]string{"relevance": c.Relevance, "matches": c.Match} {
		if list != nil {
			v[name] = list
		}
	}
	assessments := map[string]any{}
	if c.Method != nil {
		assessments["method"] = map[string]any{"in": c.Method}
	}
	if c.Coder != nil {
		assessments["coder"] = map[string]any{"id": map[string]any{"in": c.Coder}}
	}
	v["assessments"] = assessments
	if c.Incidents != "" {
		var incidents map[string]any
		if json.Unmarshal([]byte(c.Incidents), &incidents) != nil || incidents == nil {
			return nil, errors.New("--incidents is not a JSON object")
		}
		v["incidents"] = json.RawMessage(c.Incidents)
	}
	return v, nil
}

// ask asks page by page.
func (c *continuityCmd) ask(ctx context.Context, b *backend, variables map[string]any, step func()) (*continuity, error) {
	var whole continuity
	var revision any
	for {
		text, err := json.Marshal(variables)
		if err != nil {
			return nil, err
		}
		res := b.Execute(ctx, graph.Request{Document: continuityDocument, Variables: text, Progress: step})
		for _, e := range res.Errors {
			fmt.Fprintln(os.Stderr, "normgraph:", e.Message)
		}
		if len(res.Errors) > 0 {
			return nil, errSaid
		}
		if revision != nil && res.Extensions["revision"] != revision {
			return nil, errors.New("the data was changed meanwhile; ask again")
		}
		revision = res.Extensions["revision"]
		var data struct {
			NormContinuity struct {
				continuity
				PageInfo struct {
					HasNextPage bool
					EndCursor   *string
				}
				Edges []struct{ Node continuityRow }
			}
		}
		if err := json.Unmarshal(res.Data, &data); err != nil {
			return nil, err
		}
		page := data.NormContinuity
		page.Rows = whole.Rows
		whole = page.continuity
		for _, e := range page.Edges {
			if c.Top == 0 || len(whole.Rows) < c.Top {
				whole.Rows = append(whole.Rows, e.Node)
			}
		}
		if !page.PageInfo.HasNextPage || c.Top > 0 && len(whole.Rows) == c.Top {
			return &whole, nil
		}
		variables["after"] = page.PageInfo.EndCursor
	}
}

// resampling gives what to call after each resample and at the end: a bar on a
// terminal, nothing elsewhere.
func resampling(total int) (step, done func()) {
	if !terminal(os.Stderr) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("resampling"),
		progressbar.OptionShowCount(), progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionClearOnFinish())
	var mu sync.Mutex
	return func() {
			mu.Lock()
			defer mu.Unlock()
			_ = bar.Add(1) // a bar that cannot be drawn is no reason to stop
		}, func() {
			_ = bar.Finish()
		}
}

const continuityDocument = `query Continuity(
  $groupBy: NormGroup!, $assessments: AssessmentWhere, $incidents: IncidentWhere, $relevance: [Relevance!], $matches: [MatchKind!],
  $from: PartialDate, $to: PartialDate, $asOf: PartialDate, $periodYears: Int!, $resamples: Int!, $seed: Int!,
  $includeUnobserved: Boolean!, $after: String
) {
  normContinuity(
    groupBy: $groupBy, assessments: $assessments, incidents: $incidents, relevance: $relevance, matches: $matches,
    from: $from, to: $to, asOf: $asOf, periodYears: $periodYears, resamples: $resamples, seed: $seed,
    includeUnobserved: $includeUnobserved, first: 500, after: $after
  ) {
    assessedIncidents observablePeriods caveats
    pageInfo { hasNextPage endCursor }
    edges {
      node {
        rank key label score scoreInterval { low high } rankInterval { low high }
        incidentCount share shareInterval { low high } first { startDate } last { startDate }
        activePeriods persistence expectedActivePeriods pValue qValue longestGap evenness burstiness
        agreementCount mitigated mitigatedInterval { low high } coders methods { method basis count }
      }
    }
  }
}`

// continuity is what is printed: the answer to continuityDocument on all pages.
type continuity struct {
	AssessedIncidents int             `json:"assessedIncidents"`
	ObservablePeriods []string        `json:"observablePeriods"`
	Caveats           []string        `json:"caveats"`
	Rows              []continuityRow `json:"rows"`
}

type continuityRow struct {
	Rank                  int       `json:"rank"`
	Key                   string    `json:"key"`
	Label                 string    `json:"label"`
	Score                 float64   `json:"score"`
	ScoreInterval         *interval `json:"scoreInterval"`
	RankInterval          *interval `json:"rankInterval"`
	IncidentCount         int       `json:"incidentCount"`
	Share                 float64   `json:"share"`
	ShareInterval         *interval `json:"shareInterval"`
	First                 *begun    `json:"first"`
	Last                  *begun    `json:"last"`
	ActivePeriods         int       `json:"activePeriods"`
	Persistence           float64   `json:"persistence"`
	ExpectedActivePeriods *float64  `json:"expectedActivePeriods"`
	PValue                *float64  `json:"pValue"`
	QValue                *float64  `json:"qValue"`
	LongestGap            *int      `json:"longestGap"`
	Evenness              float64   `json:"evenness"`
	Burstiness            *float64  `json:"burstiness"`
	AgreementCount        int       `json:"agreementCount"`
	Mitigated             *float64  `json:"mitigated"`
	MitigatedInterval     *interval `json:"mitigatedInterval"`
	Coders                int       `json:"coders"`
	Methods               methods   `json:"methods"`
}

type interval struct {
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// methods are the counted assessments by how they were made.
type methods []struct {
	Method string `json:"method"`
	Basis  string `json:"basis"`
	Count  int    `json:"count"`
}

// begun is an incident, of which only the start is asked for.
type begun struct {
	StartDate string `json:"startDate"`
}
