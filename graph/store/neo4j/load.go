package neo4j

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"go.uber.org/zap"

	"normgraph/graph/catalog"
	"normgraph/graph/store"
)

// atomicRows is the largest change that is one transaction.
const atomicRows = 10_000

// Load writes d as one new revision; see store.Store. Loads of several
// processes take turns. A change of up to 10,000 rows is one transaction with
// its revision. A larger one sets the mark `loading`, which all reads refuse,
// and takes it away with the revision; when it is killed the mark stays until
// the same data is loaded again, or any with LoadReplace.
func (s *Store) Load(ctx context.Context, d *store.Dataset, o store.LoadOptions) (*store.LoadReport, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.work.Done()
	report, err := s.load(ctx, d, o)
	return report, fault(ctx, err)
}

func (s *Store) load(ctx context.Context, d *store.Dataset, o store.LoadOptions) (*store.LoadReport, error) {
	record, err := s.read(ctx, isForeign, nil)
	if err != nil {
		return nil, err
	}
	if foreign, _ := record[0].(bool); foreign {
		return nil, errForeign
	}
	if err := s.ensureSchema(ctx); err != nil {
		return nil, err
	}
	owner := randomID()
	h, err := s.lease(ctx, owner)
	if err != nil {
		return nil, err
	}
	beating, stop := context.WithCancel(ctx)
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		s.beat(beating, owner)
	}()
	defer func() {
		stop()
		// The lease runs out by itself, so that its release may fail.
		free, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		if err := s.release(free, owner); err != nil {
			s.log.Debug("lease not released", zap.Error(err))
		}
	}()
	return s.loadAs(ctx, h, d, o)
}

// loadAs is Load with the lease in hand.
func (s *Store) loadAs(ctx context.Context, h held, d *store.Dataset, o store.LoadOptions) (*store.LoadReport, error) {
	if err := checkFormat(h.format); err != nil {
		return nil, err
	}
	content := store.ContentOf(d)
	// A replacing load looks at the rows themselves: other hands may write here too.
	known := h.format == formatVersion && h.search == store.SearchForm(s.cat)
	if o.Mode != store.LoadReplace && h.number > 0 && h.loading == "" && h.content == content.Hex(d.Corpus) && known {
		return h.unchanged()
	}
	if o.Mode == store.LoadEmpty && h.number > 0 {
		return nil, &store.Error{Code: store.Conflict, Message: "the store holds a corpus already; say whether to merge or to replace"}
	}
	if err := o.CheckBase(h.number); err != nil {
		return nil, err
	}
	// What an interrupted first load left is no corpus: it is replaced.
	replace := o.Mode == store.LoadReplace || h.number == 0
	if !replace && h.search != store.SearchForm(s.cat) {
		return nil, &store.Error{Code: store.Conflict, Message: errOtherSearch.Message}
	}
	corpus := d.Corpus
	gone := func(*catalog.Relationship, *store.Edge) bool { return true }
	if !replace {
		corpus = h.corpus.Merged(d.Corpus, o.Rename)
		merged, err := store.Merge(d, rows{ctx, s})
		if err != nil {
			return nil, err
		}
		d, gone, content = merged.Dataset, merged.Gone, store.ContentOf(merged.Dataset)
	}
	c, err := s.compare(ctx, d, corpus, content, replace, gone)
	if err != nil {
		return nil, err
	}
	if o.Approve != nil && c.report.NodesDeleted > 0 {
		if err := o.Approve(c.report.NodesDeleted, c.held); err != nil {
			return nil, err
		}
	}
	if h.loading != "" && h.loading != c.content && !replace {
		return nil, &store.Error{Code: store.Conflict, Message: "a load of other data was interrupted; load that again, or replace the store's data"}
	}
	if known && h.number > 0 && h.loading == "" && h.content == c.content && c.rows == 0 {
		return h.unchanged()
	}
	rev := store.Revision{Number: h.number + 1, Content: c.content, Store: h.store, Loaded: time.Now().UTC().Truncate(time.Millisecond)}
	progress := o.Progress
	if progress == nil {
		progress = func(int, int) {}
	}
	if c.rows > atomicRows || h.loading != "" {
		err = s.writeLarge(ctx, h.owner, c, rev, progress)
	} else {
		err = s.writeSmall(ctx, h.owner, c, rev, progress)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.seen, s.seenAt, s.info = rev, time.Now(), nil
	s.mu.Unlock()
	report := c.report
	report.Changed, report.Revision = true, rev
	return &report, nil
}

func (h held) unchanged() (*store.LoadReport, error) {
	loaded, err := time.Parse(time.RFC3339Nano, h.loaded)
	if err != nil {
		return nil, fmt.Errorf("neo4j: the marker's time: %w", err)
	}
	return &store.LoadReport{Revision: store.Revision{Number: h.number, Content: h.content, Store: h.store, Loaded: loaded}}, nil
}

// writeSmall writes everything in one transaction.
func (s *Store) writeSmall(ctx context.Context, owner string, c *changes, rev store.Revision, progress func(done, total int)) error {
	var deletions []batch // read before the transaction begins
	if err := s.deletions(ctx, c, func(b batch) error { deletions = append(deletions, b); return nil }); err != nil {
		return err
	}
	progress(0, c.rows)
	return s.publish(ctx, owner, func(lasting context.Context, tx neo4j.ManagedTransaction) error {
		done := 0
		write := func(b batch) error {
			if err := b.run(lasting, tx); err != nil {
				return err
			}
			done += len(b.rows)
			progress(done, c.rows)
			return ctx.Err()
		}
		for _, b := range deletions {
			if err := write(b); err != nil {
				return err
			}
		}
		if err := c.writes(write); err != nil {
			return err
		}
		return s.finish(lasting, tx, owner, rev, c.corpus)
	})
}

// writeLarge writes batch by batch behind the mark.
func (s *Store) writeLarge(ctx context.Context, owner string, c *changes, rev store.Revision, progress func(done, total int)) error {
	if err := s.mark(ctx, owner, c.content); err != nil {
		return err
	}
	progress(0, c.rows)
	done := 0
	write := func(b batch) error {
		err := s.write(ctx, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
			if err := owned(ctx, tx, owner); err != nil {
				return err
			}
			return b.run(ctx, tx)
		})
		if err != nil {
			return err
		}
		done += len(b.rows)
		progress(done, c.rows)
		return nil
	}
	if err := s.deletions(ctx, c, write); err != nil {
		return err
	}
	if err := c.writes(write); err != nil {
		return err
	}
	return s.publish(ctx, owner, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
		return s.finish(ctx, tx, owner, rev, c.corpus)
	})
}

// mark says that the store is on its way to content.
func (s *Store) mark(ctx context.Context, owner, content string) error {
	return s.write(ctx, func(ctx context.Context, tx neo4j.ManagedTransaction) error {
		if err := owned(ctx, tx, owner); err != nil {
			return err
		}
		_, err := single(ctx, tx, "MATCH (m:"+markerLabel+") SET m.loading = $content", map[string]any{"content": content})
		return err
	})
}

// run writes the rows and checks that each has met its nodes.
func (b batch) run(ctx context.Context, tx neo4j.ManagedTransaction) error {
	record, err := single(ctx, tx, b.text, map[string]any{"rows": b.rows})
	if err != nil {
		return err
	}
	if n, _ := record[0].(int64); n != int64(len(b.rows)) {
		return &store.Error{Code: store.Conflict, Message: "a relationship of the data leads to a node that is neither in the data nor in the store", Cause: errors.New(b.text)}
	}
	return nil
}

// finish counts what is stored and makes the revision.
func (s *Store) finish(ctx context.Context, tx neo4j.ManagedTransaction, owner string, rev store.Revision, corpus store.Corpus) error {
	record, err := single(ctx, tx, statistics(s.cat), nil)
	if err != nil {
		return err
	}
	counts, degrees := readStatistics(s.cat, record[0].([]any))
	params := map[string]any{"owner": owner, "number": rev.Number, "content": rev.Content,
		"loaded": rev.Loaded.Format(time.RFC3339Nano), "format": int64(formatVersion), "search": store.SearchForm(s.cat)}
	for name, v := range map[string]any{"corpus": corpus, "counts": counts, "degrees": degrees} {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		params[name] = string(text)
	}
	_, err = single(ctx, tx, "MATCH (m:"+markerLabel+") SET m.number = $number, m.content = $content, m.loaded = $loaded, m.format = $format, m.search = $search,"+
		" m.corpus = $corpus, m.counts = $counts, m.degrees = $degrees, m.by = $owner"+
		" REMOVE m.loading, m.owner, m.lease, m.lock", params)
	return err
}
