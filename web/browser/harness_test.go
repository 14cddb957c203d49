// Package browser_test drives a real Chromium against the built command with
// the bundled corpus, as a reader would meet it.
package browser_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// requireEnv lists what tests must not skip for.
const requireEnv = "NORMGRAPH_TEST_REQUIRE"

var shots = flag.String("shots", "", "folder to write screenshots of the pages to")

var (
	binary string // the built command
	main   *served
)

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "normgraph-browser-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "normgraph")
	build := exec.Command("go", "build", "-o", binary, "normgraph/server")
	build.Stderr = os.Stderr
	code := 1
	if err := build.Run(); err == nil {
		code = m.Run()
	}
	if main != nil {
		main.stop()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// served is a running service.
type served struct {
	*exec.Cmd
	url string
}

// serve starts the service with a data folder of its own and waits until it is ready.
func serve(t testing.TB, data string, args ...string) *served {
	t.Helper()
	s := &served{Cmd: exec.Command(binary, append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)...)}
	s.Env = append(os.Environ(), "XDG_DATA_HOME="+data, "HOME="+data, "NORMGRAPH_STORE=")
	stderr, err := s.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	ready := make(chan string, 1)
	go func() {
		defer close(ready)
		address, said := "", ""
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Msg, Address string }
			_ = json.Unmarshal(lines.Bytes(), &line) // other output is shown when the start fails
			said += lines.Text() + "\n"
			if line.Address != "" {
				address = line.Address
			}
			if line.Msg == "ready" {
				ready <- address
			}
		}
		if address == "" || !strings.Contains(said, `"ready"`) { // it ended before it was ready
			fmt.Fprint(os.Stderr, said)
			ready <- ""
		}
	}()
	select {
	case address := <-ready:
		if address == "" {
			t.Fatal("the service did not start")
		}
		s.url = "http://" + address
	case <-time.After(time.Minute):
		s.stop()
		t.Fatal("the service is not ready after a minute")
	}
	return s
}

func (s *served) stop() {
	_ = s.Process.Signal(os.Interrupt)
	_ = s.Wait() // the exit code is another test's matter
}

var mainOnce sync.Once

// corpusServer is the service with the bundled corpus on SQLite, shared by all tests.
func corpusServer(t testing.TB) *served {
	t.Helper()
	mainOnce.Do(func() {
		data, err := os.MkdirTemp(filepath.Dir(binary), "data-")
		if err != nil {
			t.Fatal(err)
		}
		main = serve(t, data, "--frame-ancestors", "*")
	})
	if main == nil {
		t.Fatal("the service did not start")
	}
	return main
}

// tool finds a program that a test needs, by any of its names. Without it the
// test is skipped loudly, or fails if requireEnv names what is required.
func tool(t testing.TB, required, advice string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if slices.Contains(strings.Split(os.Getenv(requireEnv), ","), required) {
		t.Fatalf("there is no %s; %s", names[0], advice)
	}
	t.Skipf("SKIPPED, NOT TESTED: there is no %s; %s", names[0], advice)
	return ""
}

// chromium finds the browser.
func chromium(t testing.TB) string {
	t.Helper()
	return tool(t, "chromium", "install Debian's package chromium", "chromium", "chromium-browser", "google-chrome")
}

// tab is a page of a fresh browser profile. It collects what must not happen.
type tab struct {
	context.Context
	t testing.TB

	mu       sync.Mutex
	problems []string
	// allowed are parts of console messages that a test expects.
	allowed []string
}

// look are the properties of the screen.
type look struct {
	width, height int64
	dark          bool
}

var desktop = look{1440, 900, false}

// open starts a browser that reaches this machine alone. When the test ends,
// errors on the console, uncaught exceptions and requests to other hosts fail it.
func open(t testing.TB, l look) *tab {
	t.Helper()
	scheme := "light"
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(chromium(t)), chromedp.NoSandbox,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
		chromedp.Flag("disable-background-networking", true),
		chromedp.WindowSize(int(l.width), int(l.height)))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, cancelTab := chromedp.NewContext(allocator)
	ctx, cancelTime := context.WithTimeout(ctx, 4*time.Minute)
	tb := &tab{Context: ctx, t: t}
	t.Cleanup(func() {
		tb.check()
		cancelTime()
		cancelTab()
		cancelAllocator()
	})
	if err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				var text []string
				for _, a := range e.Args {
					text = append(text, string(a.Value)+a.Description)
				}
				tb.problem("console: " + strings.Join(text, " "))
			}
		case *runtime.EventExceptionThrown:
			tb.problem("uncaught: " + exceptionText(e.ExceptionDetails))
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError {
				tb.problem("log: " + e.Entry.Text + " " + e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			at, err := url.Parse(e.Request.URL)
			if err != nil || at.Hostname() != "127.0.0.1" && at.Hostname() != "localhost" && at.Scheme != "data" && at.Scheme != "blob" {
				tb.problem("request to another host: " + e.Request.URL)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	if l.dark {
		scheme = "dark"
	}
	command(tb, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: l.width, Height: l.height, DeviceScaleFactor: 1, Mobile: l.width < 600})
	command(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	return tb
}

// command sends one command of the browser's protocol.
func command[P, R any](tb *tab, c cdp.Command[P, R], params P) R {
	tb.t.Helper()
	result, err := chromedp.Call(tb, c, params)
	if err != nil {
		tb.t.Fatal(err)
	}
	return result
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func (tb *tab) problem(text string) {
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, part := range tb.allowed {
		if strings.Contains(text, part) {
			return
		}
	}
	tb.problems = append(tb.problems, text)
}

// check fails the test for what went wrong since the last check.
func (tb *tab) check() {
	tb.t.Helper()
	tb.mu.Lock()
	defer tb.mu.Unlock()
	for _, p := range tb.problems {
		tb.t.Error(p)
	}
	tb.problems = nil
}

// do runs actions; an error ends the test.
func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	if err := chromedp.Do(tb, actions...); err != nil {
		tb.check()
		tb.t.Fatal(err)
	}
}

// eval evaluates a JavaScript expression, awaiting promises, into a Go value.
func eval[T any](tb *tab, expression string) T {
	tb.t.Helper()
	value, err := chromedp.Run(tb, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		tb.check()
		tb.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for a JavaScript condition, on whatever page comes meanwhile.
func (tb *tab) until(condition string) {
	tb.t.Helper()
	var err error
	for begin := time.Now(); time.Since(begin) < 40*time.Second; time.Sleep(50 * time.Millisecond) {
		var ok bool
		// An error is that of a page on its way out, or of what is not there yet.
		if ok, err = chromedp.Run(tb, chromedp.Evaluate[bool]("Boolean("+condition+")")); err == nil && ok {
			return
		}
	}
	tb.check()
	tb.t.Fatalf("%s: not within 40 s, %v", condition, err)
}

// visit opens an address.
func (tb *tab) visit(address string) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(address))
}
