package row

import "context"

// Until gives rows that end with ctx: a reader's error is then ctx's cause. So
// does all that is made of them.
func Until(ctx context.Context, rows Rows) Rows { return ending{ctx, rows} }

type ending struct {
	ctx  context.Context
	rows Rows
}

func (e ending) Reader() Reader {
	return &endingReader{Reader: e.rows.Reader(), ctx: e.ctx, done: e.ctx.Done()}
}

type endingReader struct {
	Reader
	ctx  context.Context
	done <-chan struct{}
	err  error
}

func (r *endingReader) More() bool {
	select {
	case <-r.done:
		if r.err == nil {
			r.err = context.Cause(r.ctx)
		}
		return false
	default:
		return r.Reader.More()
	}
}

func (r *endingReader) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.Reader.Err()
}
