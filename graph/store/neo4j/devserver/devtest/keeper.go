package devtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"normgraph/graph/store/neo4j/devserver"
)

// keeperEnv tells a test binary to be the keeper of a pool. The keeper is the
// running test binary started again: it needs no build of its own, and it can
// outlive the process that started it.
const keeperEnv = "NORMGRAPH_NEO4J_KEEPER"

// Only test binaries import this package, so only they have this door.
func init() {
	if text := os.Getenv(keeperEnv); text != "" {
		if err := keep(text); err != nil {
			fmt.Fprintln(os.Stderr, "keeper of the test Neo4j:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// report is what the keeper tells the process that started it. All empty
// means that another keeper was first.
type report struct {
	Server      *devserver.Server `json:"server,omitempty"`
	Error       string            `json:"error,omitempty"`
	Unavailable bool              `json:"unavailable,omitempty"`
}

// startKeeper starts a keeper and returns its server once that answers, or
// nil if another keeper was first.
func (p pool) startKeeper(ctx context.Context) (*devserver.Server, error) {
	if err := p.forget(); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(p.file("keeper.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()

	cmd := exec.Command(self)
	cmd.Args = []string{"normgraph-neo4j-keeper"}
	cmd.Env = append(os.Environ(), keeperEnv+"="+string(text))
	cmd.Dir = p.Dir
	cmd.Stdout, cmd.Stderr = write, log
	detach(cmd)
	err = cmd.Start()
	write.Close()
	if err != nil {
		return nil, fmt.Errorf("starting the keeper of the test Neo4j: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = read.SetReadDeadline(time.Now()) })
	defer stop()
	var r report
	if err := json.NewDecoder(read).Decode(&r); err != nil {
		if ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("starting the test Neo4j: %w", ctx.Err()), cmd.Process.Release())
		}
		return nil, fmt.Errorf("the keeper of the test Neo4j ended without a word (%v), see %s", cmd.Wait(), log.Name())
	}
	if r.Server != nil {
		// The keeper goes on when we end, so nobody here waits for it.
		return r.Server, cmd.Process.Release()
	}
	_ = cmd.Wait() // it ends now; the report says more than its exit code
	switch {
	case r.Unavailable:
		return nil, fmt.Errorf("%w%s", devserver.ErrUnavailable, strings.TrimPrefix(r.Error, devserver.ErrUnavailable.Error()))
	case r.Error != "":
		return nil, errors.New(r.Error)
	}
	return nil, nil
}

// keep is the keeper's life: start the server, report it, and stop it when
// nobody has used it for a while.
func keep(text string) error {
	var p pool
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return fmt.Errorf("%s: %w", keeperEnv, err)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()

	own := flock.New(p.file("keeper.lock"))
	wait, cancelWait := context.WithTimeout(ctx, 2*time.Second)
	defer cancelWait()
	if _, err := own.TryLockContext(wait, poll); err != nil {
		return errors.Join(tell(report{}), err)
	}
	defer own.Close()

	server, err := p.startServer(ctx)
	if err != nil {
		return errors.Join(tell(report{Error: err.Error(), Unavailable: errors.Is(err, devserver.ErrUnavailable)}), err)
	}
	err = p.record(server)
	if err == nil {
		// The one who asked may be gone; the next one reads the record.
		_ = tell(report{Server: server})
		// After an idle time the lock is ours until the server has stopped.
		users := flock.New(p.file("lock"))
		defer users.Close()
		err = untilIdle(ctx, server, users, p.Idle)
	}
	return errors.Join(err, p.forget(), server.Stop())
}

// startServer starts with an empty database at a fixed place, so that what a
// killed keeper left is replaced and does not pile up.
func (p pool) startServer(ctx context.Context) (*devserver.Server, error) {
	data := p.file("data")
	if err := os.RemoveAll(data); err != nil {
		return nil, err
	}
	return devserver.Start(ctx, devserver.Options{DataDir: data, Log: os.Stderr})
}

// untilIdle returns when the server ended, a signal came, or nobody held the
// users' lock for the idle time; then it holds that lock itself.
func untilIdle(ctx context.Context, server *devserver.Server, users *flock.Flock, idle time.Duration) error {
	tick := time.NewTicker(min(time.Second, idle))
	defer tick.Stop()
	used := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-server.Done():
			return errors.New("the server ended by itself")
		case <-tick.C:
		}
		free, err := users.TryLock()
		if err != nil {
			return err
		}
		if !free {
			used = time.Now()
			continue
		}
		if time.Since(used) >= idle {
			return nil
		}
		if err := users.Unlock(); err != nil {
			return err
		}
	}
}

// tell writes the report to the pipe, once, and closes it.
func tell(r report) error {
	return errors.Join(json.NewEncoder(os.Stdout).Encode(r), os.Stdout.Close())
}
