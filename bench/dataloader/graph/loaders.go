package graph

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/vikstrous/dataloadgen"
)

// page is what a loader is asked for: the first rows, in an order, of one parent.
type page struct {
	parent int64
	limit  int
	order  string // made by order.go
}

// wait is how long a loader collects keys. gqlgen resolves the elements of a
// list at the same time, so that they come soon after each other: the library's
// default of 16 ms would only be idle time, and much less than a millisecond
// splits the keys of large lists into several statements when cores are few.
const wait = time.Millisecond

type loaders struct {
	norms       *dataloadgen.Loader[page, []*Norm]
	assessments *dataloadgen.Loader[page, []*Assessment]
	signatures  *dataloadgen.Loader[page, []*AgreementSignatoriesEdge]
	signed      *dataloadgen.Loader[int64, int]
}

type loadersKey struct{}

// withLoaders gives one request its loaders.
func withLoaders(ctx context.Context, d *Database) context.Context {
	return context.WithValue(ctx, loadersKey{}, &loaders{
		norms: dataloadgen.NewMappedLoader(pages(d, func(order string) string {
			return `SELECT * FROM (SELECT d.__src, ` + normColumns + `, row_number() OVER (PARTITION BY d.__src ORDER BY ` + order + `) AS position
				FROM (SELECT DISTINCT __src, __dst FROM r_CONTAINS WHERE __src IN (SELECT value FROM json_each(?))) d
				CROSS JOIN n_Norm n ON n.__key = d.__dst) WHERE position <= ? ORDER BY __src, position`
		}, func(rows *sql.Rows, parent, position *int64) (*Norm, error) {
			n := &Norm{}
			return n, rows.Scan(around(parent, n.into(), position)...)
		}), dataloadgen.WithWait(wait)),
		assessments: dataloadgen.NewMappedLoader(pages(d, func(order string) string {
			return `SELECT * FROM (SELECT e.__dst, ` + assessmentColumns + `, row_number() OVER (PARTITION BY e.__dst ORDER BY ` + order + `) AS position
				FROM r_ASSESSES e CROSS JOIN n_Assessment n ON n.__key = e.__src
				WHERE e.__dst IN (SELECT value FROM json_each(?))) WHERE position <= ? ORDER BY __dst, position`
		}, func(rows *sql.Rows, parent, position *int64) (*Assessment, error) {
			a := &Assessment{}
			return a, rows.Scan(around(parent, a.into(), position)...)
		}), dataloadgen.WithWait(wait)),
		signatures: dataloadgen.NewMappedLoader(pages(d, func(order string) string {
			return `SELECT * FROM (SELECT e.__dst, e.role, ` + signatoryColumns + `, row_number() OVER (PARTITION BY e.__dst ORDER BY ` + order + `, e.__key) AS position
				FROM r_SIGNED e CROSS JOIN n_Signatory n ON n.__key = e.__src
				WHERE e.__dst IN (SELECT value FROM json_each(?))) WHERE position <= ? ORDER BY __dst, position`
		}, func(rows *sql.Rows, parent, position *int64) (*AgreementSignatoriesEdge, error) {
			e := &AgreementSignatoriesEdge{Properties: &Signature{}, Node: &Signatory{}}
			return e, rows.Scan(around(parent, append([]any{&e.Properties.Role}, e.Node.into()...), position)...)
		}), dataloadgen.WithWait(wait)),
		signed: dataloadgen.NewMappedLoader(signedCounts(d), dataloadgen.WithWait(wait)),
	})
}

func from(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

func around(first *int64, middle []any, last *int64) []any {
	return append(append([]any{first}, middle...), last)
}

// pages reads the pages of many parents with one statement per order and limit,
// which within one request are nearly always the same.
func pages[T any](d *Database, text func(order string) string, scan func(rows *sql.Rows, parent, position *int64) (T, error)) func(context.Context, []page) (map[page][]T, error) {
	return func(ctx context.Context, asked []page) (map[page][]T, error) {
		found := make(map[page][]T, len(asked))
		groups := map[page][]int64{}
		for _, p := range asked {
			found[p] = []T{}
			alike := page{limit: p.limit, order: p.order}
			groups[alike] = append(groups[alike], p.parent)
		}
		for alike, parents := range groups {
			err := d.each(ctx, text(alike.order), []any{keys(parents), alike.limit}, func(rows *sql.Rows) error {
				var parent, position int64
				row, err := scan(rows, &parent, &position)
				at := page{parent: parent, limit: alike.limit, order: alike.order}
				found[at] = append(found[at], row)
				return err
			})
			if err != nil {
				return nil, err
			}
		}
		return found, nil
	}
}

func signedCounts(d *Database) func(context.Context, []int64) (map[int64]int, error) {
	return func(ctx context.Context, agreements []int64) (map[int64]int, error) {
		found := make(map[int64]int, len(agreements))
		for _, a := range agreements {
			found[a] = 0
		}
		err := d.each(ctx, `SELECT __dst, count(*) FROM r_SIGNED WHERE __dst IN (SELECT value FROM json_each(?)) GROUP BY __dst`,
			[]any{keys(agreements)}, func(rows *sql.Rows) error {
				var agreement int64
				var count int
				err := rows.Scan(&agreement, &count)
				found[agreement] = count
				return err
			})
		return found, err
	}
}

// keys is a list of keys as one argument: the text does not grow with them.
func keys(list []int64) string {
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // integers always encode
	}
	return string(text)
}
