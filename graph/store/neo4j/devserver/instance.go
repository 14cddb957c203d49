package devserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

const (
	startLimit = 3 * time.Minute  // from the process's start to the first answer
	stopLimit  = 30 * time.Second // from the polite signal to SIGKILL
)

// way is one way to run a server. Every run over the same home folder and
// port continues with the same data.
type way interface {
	name() string
	// prepare checks, and fetches, what the way needs.
	prepare(ctx context.Context, opts Options) error
	// command runs the server in the foreground; its end is the server's end.
	command(inst *instance) (*exec.Cmd, error)
	// kill ends what a SIGKILL of the command's process would leave behind.
	kill(inst *instance) error
}

// instance is a server's home folder, its port, and at most one process.
type instance struct {
	opts      Options
	home      string
	ephemeral bool
	lock      *flock.Flock
	password  string // "": none

	mu     sync.Mutex // held by start, stop and kill
	way    way
	port   int
	closed bool

	procMu sync.Mutex // Done must not wait for a start
	proc   *process
}

func newInstance(opts Options) (*instance, error) {
	inst := &instance{opts: opts, port: opts.Port}
	if inst.opts.HeapMB == 0 {
		inst.opts.HeapMB = 1024
	}
	if inst.opts.PageCacheMB == 0 {
		inst.opts.PageCacheMB = 128
	}
	if inst.opts.HeapMB < 256 {
		return nil, fmt.Errorf("Neo4j heap of %d MiB: expected at least 256", opts.HeapMB)
	}
	var err error
	if opts.DataDir == "" {
		inst.ephemeral = true
		inst.home, err = os.MkdirTemp("", "normgraph-neo4j-")
	} else if inst.home, err = filepath.Abs(opts.DataDir); err == nil {
		err = os.MkdirAll(inst.home, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("Neo4j data folder: %w", err)
	}
	inst.lock = flock.New(filepath.Join(inst.home, "devserver.lock"))
	locked, err := inst.lock.TryLock()
	if err == nil && !locked {
		err = fmt.Errorf("%s is in use by another server", inst.home)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("Neo4j data folder: %w", err), inst.lock.Close())
	}
	if opts.Password {
		if inst.password, err = keptPassword(inst.home); err != nil {
			return nil, errors.Join(fmt.Errorf("Neo4j data folder: %w", err), inst.lock.Close())
		}
	}
	return inst, nil
}

func (inst *instance) uri() string { return "neo4j://" + inst.address() }

func (inst *instance) address() string { return "127.0.0.1:" + strconv.Itoa(inst.port) }

// start takes a port, unless one is given, and runs the server on it. A free
// port can be lost to another process before the server binds it, so that
// case is tried again.
func (inst *instance) start(ctx context.Context, w way) error {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	inst.way = w
	if inst.opts.Port != 0 {
		return inst.run(ctx)
	}
	var err error
	for range 3 {
		if inst.port, err = freePort(); err != nil {
			return err
		}
		if err = inst.run(ctx); !errors.Is(err, errPortTaken) {
			return err
		}
	}
	return err
}

func (inst *instance) restart(ctx context.Context) error {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.closed {
		return errors.New("the Neo4j server was stopped for good")
	}
	inst.stop()
	return inst.run(ctx)
}

var errPortTaken = errors.New("port is taken by another process")

// run starts the process and waits until the server answers.
func (inst *instance) run(ctx context.Context) error {
	probe, err := net.Listen("tcp", inst.address())
	if err != nil {
		return fmt.Errorf("%s: %w (%v)", inst.address(), errPortTaken, err)
	}
	if err := probe.Close(); err != nil {
		return err
	}
	cmd, err := inst.way.command(inst)
	if err != nil {
		return err
	}
	proc, err := spawn(cmd, inst.opts.Log)
	if err != nil {
		return err
	}
	inst.procMu.Lock()
	inst.proc = proc
	inst.procMu.Unlock()

	if err := inst.await(ctx, proc); err != nil {
		inst.stop()
		return err
	}
	return nil
}

func (inst *instance) await(ctx context.Context, proc *process) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	server := &Server{URI: inst.uri(), User: inst.user(), Password: inst.password}
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-proc.done:
			output := proc.output.lastLines(20)
			if portTaken(output) {
				return fmt.Errorf("%s: %w", inst.address(), errPortTaken)
			}
			return fmt.Errorf("the server ended before it answered (%s); its last lines:\n%s", proc.state(), output)
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer in time: %w; its last lines:\n%s", ctx.Err(), proc.output.lastLines(20))
		case <-tick.C:
			err := server.verify(ctx, 5*time.Second)
			if inst.password != "" && refused(err) {
				err = server.setPassword(ctx)
			}
			if err == nil {
				return nil
			}
		}
	}
}

// stop ends the process, if there is one: politely, then by force.
func (inst *instance) stop() {
	if inst.proc == nil || inst.proc.ended() {
		return
	}
	if !inst.proc.terminate(stopLimit) {
		// An error here means that there is nothing left to kill.
		_ = inst.way.kill(inst)
		inst.proc.kill()
	}
}

func (inst *instance) kill() error {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.proc == nil || inst.proc.ended() {
		return nil
	}
	err := inst.way.kill(inst)
	inst.proc.kill()
	return err
}

// close stops the server for good and gives up its folder.
func (inst *instance) close() error {
	inst.mu.Lock()
	defer inst.mu.Unlock()
	if inst.closed {
		return nil
	}
	inst.closed = true
	inst.stop()
	var err error
	if inst.ephemeral {
		err = os.RemoveAll(inst.home)
	}
	return errors.Join(err, inst.lock.Close())
}

func (inst *instance) done() <-chan struct{} {
	inst.procMu.Lock()
	defer inst.procMu.Unlock()
	return inst.proc.done
}

// folder returns a folder below the home folder and creates it.
func (inst *instance) folder(name string) (string, error) {
	path := filepath.Join(inst.home, name)
	return path, os.MkdirAll(path, 0o700)
}

// settings are the same for every way. Without preallocation an empty server
// takes 2 MB of disk for its logs and not 512.
func (inst *instance) settings() map[string]string {
	return map[string]string{
		"server.bolt.advertised_address": inst.address(),
		"server.http.enabled":            "false",
		"server.https.enabled":           "false",
		"server.memory.pagecache.size":   fmt.Sprintf("%dm", inst.opts.PageCacheMB),
		"dbms.security.auth_enabled":     strconv.FormatBool(inst.password != ""),
		"dbms.usage_report.enabled":      "false",
		// LOAD CSV reads no file, in whatever folder.
		"dbms.security.allow_csv_import_from_file_urls": "false",
		"db.transaction.timeout":                        "60s",
		"db.tx_log.preallocate":                         "false",
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// portTaken knows the words of the Java network library and of docker.
func portTaken(output string) bool {
	for _, words := range []string{"Address already in use", "port is already allocated", "address already in use"} {
		if strings.Contains(output, words) {
			return true
		}
	}
	return false
}
