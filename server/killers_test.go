package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// killer is a request that has stopped a GraphQL server, or made it work for
// nothing.
type killer struct {
	name, body string
	status     int // 0: cut off, or 413
	code       string
}

func killers() []killer {
	request := func(document string, variables any) string {
		text, err := json.Marshal(map[string]any{"query": document, "variables": variables})
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	ask := func(document string) string { return request(document, nil) }
	nested := func(open, inside, end string, n int) string {
		return strings.Repeat(open, n) + inside + strings.Repeat(end, n)
	}
	numbered := func(format string, n int) string {
		var s strings.Builder
		for i := range n {
			s.WriteString(strings.ReplaceAll(format, "#", strconv.Itoa(i)))
		}
		return s.String()
	}
	raw := func(variables string) string {
		return `{"query":"query($w:NormWhere){norms(where:$w){id}}","variables":` + variables + `}`
	}
	doubling := "{ ...F0 } "
	for i := range 30 {
		doubling += fmt.Sprintf("fragment F%d on Query { ...F%d ...F%d } ", i, i+1, i+1)
	}
	const limit, bad, input, invalid = "LIMIT_EXCEEDED", "BAD_REQUEST", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"
	return []killer{
		{"a million selections", ask("{" + strings.Repeat("n{", 1_000_000)), 413, limit},
		{"100,000 selections", ask("{" + strings.Repeat("n{", 100_000)), 400, limit},
		{"a million lists", ask("{a(x:" + strings.Repeat("[", 1_000_000)), 413, limit},
		{"100,000 lists", ask("{a(x:" + strings.Repeat("[", 100_000)), 400, limit},
		{"20,000 repeats", ask("{norms{" + strings.Repeat("id ", 20_000) + "}}"), 400, limit},
		{"fragments that double", ask(doubling + "fragment F30 on Query { __typename }"), 400, limit},
		{"fragments in a circle", ask("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A norms { id } }"), 200, invalid},
		{"20,000 directives", ask("{norms{id " + strings.Repeat("@x", 20_000) + "}}"), 400, limit},
		{"10,000 aliases", ask("{" + numbered("a#:norms{id}", 10_000) + "}"), 400, limit},
		{"repeats that nest", ask("{" + strings.Repeat("norms{"+strings.Repeat("agreements{"+strings.Repeat("id ", 3)+"} ", 14)+"} ", 20) + "}"), 200, ""},
		{"many fragments", ask("{norms{" + numbered("...F# ", 85) + "}}" + numbered("fragment F# on Norm{id agreements{id norms{id}}}", 85)), 200, ""},
		{"a comment of 250 kB", ask("{__typename}#" + strings.Repeat("x", 250_000)), 200, ""},
		{"100,000 comments", ask("{__typename}" + strings.Repeat("#\n", 50_000)), 400, limit},
		{"a string of 250 kB", ask(`{norms(where:{name:{contains:"` + strings.Repeat("x", 250_000) + `"}}){id}}`), 200, ""},
		{"deep variables", raw(`{"w":` + nested("[", "", "]", 100_000) + "}"), 400, limit},
		{"fairly deep variables", raw(`{"w":` + nested(`{"NOT":`, "{}", "}", 900) + "}"), 400, limit},
		{"deep filter", raw(`{"w":` + nested(`{"NOT":`, "{}", "}", 28) + "}"), 200, ""},
		{"20,000 conditions", raw(`{"w":{"OR":[` + strings.TrimSuffix(strings.Repeat(`{"id":{"eq":"x"}},`, 12_000), ",") + "]}}"), 400, limit},
		{"2,000 conditions", raw(`{"w":{"OR":[` + strings.TrimSuffix(strings.Repeat(`{"id":{"eq":"x"}},`, 2_000), ",") + "]}}"), 400, limit},
		{"490 conditions", raw(`{"w":{"OR":[` + strings.TrimSuffix(strings.Repeat(`{"id":{"eq":"x"}},`, 244), ",") + "]}}"), 200, ""},
		{"50,000 values", raw(`{"w":{"id":{"in":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 50_000), ",") + "]}}}"), 400, limit},
		{"9,000 values", raw(`{"w":{"id":{"in":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 9_000), ",") + "]}}}"), 200, ""},
		{"a number of 200,000 digits", request("query($n:Int){norms(limit:$n){id}}", json.RawMessage(`{"n":`+strings.Repeat("9", 200_000)+"}")), 200, input},
		{"a large exponent", request("query($n:Int){norms(limit:$n){id}}", json.RawMessage(`{"n":1e999999999}`)), 200, input},
		{"a phrase of 50,000 words", request("query($q:String!){search(query:$q){totalCount}}", map[string]string{"q": `"` + strings.Repeat("a ", 50_000) + `"`}), 200, input},
		{"a search of 50,000 words", request("query($q:String!){search(query:$q){totalCount}}", map[string]string{"q": strings.Repeat("a* ", 50_000)}), 200, input},
		{"a cursor of 200 kB", request("query($c:String){normsConnection(after:$c){totalCount}}", map[string]string{"c": strings.Repeat("W1tb", 50_000)}), 200, input},
		{"1,000 sort keys", request("query($s:[NormSort!]){norms(sort:$s){id}}", map[string]any{"s": slices.Repeat([]any{map[string]string{"name": "ASC"}}, 1000)}), 200, ""},
		{"a batch of 10,000", "[" + strings.TrimSuffix(strings.Repeat(`{"query":"{__typename}"},`, 10_000), ",") + "]", 400, bad},
		{"introspection in a circle", ask("{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { name } } } } } } } } } } }"), 0, ""},
		{"introspection below aliases", ask("{__schema{" + numbered("t#:types{...T}", 9) + "}} fragment T on __Type{name " + numbered("f#:fields{...F}", 9) + "} fragment F on __Field{" +
			numbered("r#:args{name description type{name kind description ofType{name kind description}}}", 9) + "}"), 400, limit},
		{"introspection of types' types", ask("{ __schema { types { fields { args { type { name ofType { name ofType { name } } } } type { name interfaces { name possibleTypes { name } } } } } } }"), 0, ""},
		{"50 MB", strings.Repeat("x", 50<<20), 413, limit},
	}
}

// fresh makes the document one that was never seen.
func (k killer) fresh() string {
	return strings.Replace(k.body, `{"query":"`, fmt.Sprintf(`{"query":"#%d\n`, unseen.Add(1)), 1)
}

var unseen atomic.Int64

// hit sends one and tells what came. A server may answer and close before it
// has read all.
func (k killer) hit(url string) error {
	// MultiReader hides the length, so that the server must count.
	answer, err := http.Post(url+"/graphql", "application/json", io.MultiReader(strings.NewReader(k.fresh())))
	if err != nil {
		if k.status == 413 {
			return nil
		}
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20+1))
	if err != nil {
		return err
	}
	if len(body) > 1<<20 {
		return fmt.Errorf("more than 1 MB")
	}
	var got struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return err
	}
	code := ""
	if len(got.Errors) > 0 {
		code = got.Errors[0].Extensions.Code
	}
	if k.status == 0 && (answer.StatusCode == 200 || answer.StatusCode == 400) {
		return nil
	}
	if answer.StatusCode != k.status || code != k.code || bytes.Contains(body, []byte("xxxxx")) {
		return fmt.Errorf("status %d, code %q, want %d, %q: %.300s", answer.StatusCode, code, k.status, k.code, body)
	}
	return nil
}

// TestKillers: each has the right answer, while a normal query on another
// connection is answered too; the process lives and gives its memory back.
func TestKillers(t *testing.T) {
	s := serve(t, t.TempDir(), "ready")
	ask := s.url + "/graphql?query={norms(limit:3){id,name}}"
	list := killers()
	for _, k := range list { // the first round fills caches and pools
		if err := k.hit(s.url); err != nil {
			t.Errorf("%s: %v", k.name, err)
		}
	}
	before, cpu := s.resident(t), s.cpu(t)
	stop, latencies := make(chan struct{}), []time.Duration(nil)
	var normal sync.WaitGroup
	normal.Go(func() {
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			start := time.Now()
			answer, err := client.Get(ask + "%23" + strconv.Itoa(i)) // a new document each time
			if err != nil || answer.StatusCode != 200 {
				t.Errorf("a normal query meanwhile: %v", err)
				return
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			latencies = append(latencies, time.Since(start))
			time.Sleep(2 * time.Millisecond)
		}
	})
	const rounds = 5
	var attack sync.WaitGroup
	for range 2 {
		attack.Go(func() {
			for range rounds {
				for _, k := range list {
					if err := k.hit(s.url); err != nil {
						t.Errorf("%s: %v", k.name, err)
					}
				}
			}
		})
	}
	attack.Wait()
	close(stop)
	normal.Wait()
	slices.Sort(latencies)
	t.Logf("%v CPU per killer, with its normal queries; %d of these, p50 %v, p99 %v", (s.cpu(t)-cpu)/time.Duration(2*rounds*len(list)),
		len(latencies), latencies[len(latencies)/2], latencies[len(latencies)*99/100])
	for start := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		after := s.resident(t)
		if after < before+64<<20 {
			t.Logf("memory: %d MB before, %d MB after", before>>20, after>>20)
			break
		}
		if time.Since(start) > 10*time.Second {
			t.Errorf("memory does not come back: %d MB before, %d MB after", before>>20, after>>20)
			break
		}
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// BenchmarkKillers reports the CPU time of the process for each.
func BenchmarkKillers(b *testing.B) {
	s := serve(b, b.TempDir(), "ready")
	for _, k := range append(killers(), killer{"(a normal query)", `{"query":"{norms(limit:3){id}}"}`, 200, ""}) {
		b.Run(strings.ReplaceAll(k.name, " ", "_"), func(b *testing.B) {
			before := s.cpu(b)
			for b.Loop() {
				if err := k.hit(s.url); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.cpu(b)-before)/1e6/float64(b.N), "cpu-ms/op")
		})
	}
	s.stop(b)
}

// TestSlowClients are cut off when their time is over.
func TestSlowClients(t *testing.T) {
	s := serve(t, t.TempDir(), "ready", "--header-timeout", "400ms", "--body-timeout", "800ms", "--idle-timeout", "600ms")
	const post = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	for _, c := range []struct {
		name, first, drip string
		half              bool // closed for writing after the first bytes
		status            string
		within            time.Duration
	}{
		{"silent", "", "", false, "", 400 * time.Millisecond},
		{"slow header", "GET /graphql HTTP/1.1\r\nX: ", "a", false, "", 400 * time.Millisecond},
		{"slow body", post + "Content-Length: 100000\r\n\r\n{", " ", false, "408", 800 * time.Millisecond},
		{"slow chunks", post + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", false, "408", 800 * time.Millisecond},
		{"half a header, closed", "GET /graph", "", true, "400", 400 * time.Millisecond},
		{"half a body, closed", post + "Content-Length: 50\r\n\r\n{", "", true, "400", 800 * time.Millisecond},
		{"idle", "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n", "", false, "200", 600 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			start := time.Now()
			_, _ = io.WriteString(conn, c.first)
			if c.half {
				_ = conn.(*net.TCPConn).CloseWrite()
			}
			done := make(chan struct{})
			var dripping sync.WaitGroup
			dripping.Go(func() {
				for c.drip != "" {
					select {
					case <-done:
						return
					case <-time.After(50 * time.Millisecond):
						_, _ = io.WriteString(conn, c.drip) // fails when it is cut off
					}
				}
			})
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			got, err := io.ReadAll(conn)
			close(done)
			dripping.Wait()
			took := time.Since(start)
			if os.IsTimeout(err) {
				t.Fatal("it was not cut off")
			}
			if c.status != "" && !strings.HasPrefix(string(got), "HTTP/1.1 "+c.status) {
				t.Errorf("%.100q, want %s", got, c.status)
			}
			if took > c.within+3*time.Second {
				t.Errorf("cut off after %v, want %v", took, c.within)
			}
		})
	}
}

// TestSlowReaders take large answers and do not read them: others are served.
func TestSlowReaders(t *testing.T) {
	s := serve(t, t.TempDir(), "ready", "--max-in-flight", "4", "--send-timeout", "500ms", "--timeout", "2s")
	for i := range 12 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.(*net.TCPConn).SetReadBuffer(1024)
		ask := fmt.Sprintf("GET /graphql?query={assessments(limit:500,offset:%d){id,rationale,norm{id,name},incident{id,title,summary,source},source}} HTTP/1.1\r\nHost: localhost\r\n\r\n", i)
		_, _ = io.WriteString(conn, strings.Repeat(ask, 40)) // more than the system buffers
	}
	time.Sleep(300 * time.Millisecond)
	for range 20 {
		if status, body := fetch(t, s.url+"/graphql?query={norms(limit:1){id}}"); status != 200 {
			t.Fatalf("a normal query: %d %s", status, body)
		}
	}
	if code := s.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// stat reads a field of /proc/PID/status in kB, or skips where there is none.
func (s *served) resident(t testing.TB) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.Process.Pid))
	if err != nil {
		t.Skipf("SKIPPED: no /proc: %v", err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kB, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kB << 10
}

// cpu is the time that the process has used.
func (s *served) cpu(t testing.TB) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Process.Pid))
	if err != nil {
		t.Skipf("SKIPPED: no /proc: %v", err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100
}
