package analysis

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"normgraph/graph/gate"
)

// A value is made once for all who wait, made again when the first gave up, and
// a panic is an error.
func TestMemory(t *testing.T) {
	m := newMemory(1 << 20)
	release, made := make(chan struct{}), 0
	first, leave := context.WithCancel(t.Context())
	slow := func(ctx context.Context) (string, error) {
		made++
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-release:
			return "value", nil
		}
	}
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := get(first, m, "key", slow); !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up got %v", err)
		}
	})
	time.Sleep(10 * time.Millisecond)
	for range 3 {
		group.Go(func() {
			if v, err := get(t.Context(), m, "key", slow); v != "value" || err != nil {
				t.Errorf("who waited got %q, %v", v, err)
			}
		})
	}
	time.Sleep(10 * time.Millisecond)
	leave()
	time.Sleep(10 * time.Millisecond)
	close(release)
	group.Wait()
	if made > 2 {
		t.Errorf("made %d times", made)
	}
	refused := false
	release = make(chan struct{})
	once := func(context.Context) (string, error) {
		if refused {
			return "admitted", nil
		}
		refused = true
		<-release
		return "", gate.Refuse(errors.New("no"))
	}
	group.Go(func() {
		if _, err := get(t.Context(), m, "refused", once); !errors.As(err, new(*gate.Refusal)) {
			t.Errorf("who was refused got %v", err)
		}
	})
	time.Sleep(10 * time.Millisecond)
	for range 3 {
		group.Go(func() {
			if v, err := get(t.Context(), m, "refused", once); v != "admitted" || err != nil {
				t.Errorf("who waited got %q, %v", v, err)
			}
		})
	}
	time.Sleep(10 * time.Millisecond)
	close(release)
	group.Wait()
	_, err := get(t.Context(), m, "panic", func(context.Context) (string, error) { panic("oh") })
	if err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("a panic gave %v", err)
	}
}

func TestFootprint(t *testing.T) {
	type inner struct{ Text string }
	small := footprint(&inner{"a"})
	large := footprint([]*inner{{strings.Repeat("a", 1000)}, {strings.Repeat("b", 1000)}})
	if small < 16 || small > 100 || large < 2000 || large > 2200 {
		t.Errorf("%d and %d bytes", small, large)
	}
}
