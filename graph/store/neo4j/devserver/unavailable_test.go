//go:build unix

package devserver_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"normgraph/graph/store/neo4j/devserver"
)

const (
	java17     = "#!/bin/sh\necho 'openjdk version \"17.0.15\" 2025-04-15' >&2\n"
	brokenJava = java17 + `[ "$1" = -version ] || { echo 'Unsupported store version'; echo 'last words' >&2; exit 3; }` + "\n"
	noDaemon   = "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2\nexit 1\n"
)

// TestUnavailable replaces every tool by a small script: what the user reads
// must name each way and what is wrong with it.
func TestUnavailable(t *testing.T) {
	tests := map[string]struct {
		tools    map[string]string // name on PATH → script
		javaHome string
		jars     bool // are in the cache
		expect   []string
	}{
		"nothing installed": {
			expect: []string{"docker: docker not found on PATH", "maven: Java on PATH not found", "install Java 17 or 21"},
		},
		"daemon away, Java too new": {
			tools:  map[string]string{"docker": noDaemon, "java": "#!/bin/sh\necho 'openjdk version \"25.0.1\" 2025-10-21' >&2\n"},
			expect: []string{"the daemon does not answer", "Cannot connect to the Docker daemon", "has version 25; Neo4j needs 17 or 21"},
		},
		"Java too old": {
			tools:  map[string]string{"java": "#!/bin/sh\necho 'java version \"1.8.0_392\"' >&2\n"},
			expect: []string{"has version 8; Neo4j needs 17 or 21"},
		},
		"Java does not run": {
			tools:  map[string]string{"java": "#!/bin/sh\necho 'No Java runtime present' >&2\nexit 1\n"},
			expect: []string{"Java on PATH does not run", "No Java runtime present"},
		},
		"JAVA_HOME wrong": {
			tools:    map[string]string{"java": java17},
			javaHome: "/nonexistent",
			expect:   []string{"Java of JAVA_HOME not found"},
		},
		"no mvn": {
			tools:  map[string]string{"java": java17},
			expect: []string{"fetching the jars of Neo4j " + devserver.Version, "mvn not found on PATH"},
		},
		"mvn fails": {
			tools: map[string]string{"java": java17,
				"mvn": "#!/bin/sh\n/bin/mkdir lib\n>lib/half.jar\necho '[ERROR] Could not transfer artifact'\nexit 1\n"},
			expect: []string{"mvn failed (exit status 1)", "[ERROR] Could not transfer artifact"},
		},
		"mvn brings something else": {
			tools:  map[string]string{"java": java17, "mvn": "#!/bin/sh\n/bin/mkdir lib\n"},
			expect: []string{"mvn did not bring the jars"},
		},
		"server ends at once": {
			tools:  map[string]string{"java": brokenJava},
			jars:   true,
			expect: []string{"ended before it answered (exit status 3)", "Unsupported store version", "last words"},
		},
		"image cannot be pulled": {
			tools: map[string]string{"docker": "#!/bin/sh\n[ $1 = info ] && exit 0\necho 'registry unreachable' >&2\nexit 1\n",
				"java": brokenJava},
			jars:   true,
			expect: []string{"docker failed (exit status 1)", "registry unreachable", "last words"},
		},
		"container ends at once": {
			tools: map[string]string{"docker": "#!/bin/sh\ncase $1 in run) echo 'no space left on device' >&2; exit 125;; esac\n",
				"java": brokenJava},
			jars:   true,
			expect: []string{"docker: the server ended before it answered (exit status 125)", "no space left on device", "last words"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			bin, home, tmp := t.TempDir(), t.TempDir(), t.TempDir()
			for tool, script := range test.tools {
				if err := os.WriteFile(filepath.Join(bin, tool), []byte(script), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", bin)
			t.Setenv("JAVA_HOME", test.javaHome)
			t.Setenv("HOME", home)
			t.Setenv("XDG_CACHE_HOME", "")
			t.Setenv("TMPDIR", tmp)
			cache, err := os.UserCacheDir()
			if err != nil {
				t.Fatal(err)
			}
			jars := filepath.Join(cache, "normgraph", "neo4j-"+devserver.Version)
			if test.jars {
				if err := os.MkdirAll(jars, 0o755); err != nil {
					t.Fatal(err)
				}
			}

			_, err = devserver.Start(t.Context(), devserver.Options{Own: true})
			if !errors.Is(err, devserver.ErrUnavailable) {
				t.Errorf("not ErrUnavailable: %v", err)
			}
			expectError(t, err, test.expect...)
			if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if left, _ := filepath.Glob(jars + "*"); len(left) > 0 && !test.jars {
				t.Errorf("an incomplete copy of the jars is left: %v", left)
			}
		})
	}
}

// TestDockerArguments reads what a docker that fails was called with.
func TestDockerArguments(t *testing.T) {
	bin := t.TempDir()
	calls := filepath.Join(bin, "calls")
	script := "#!/bin/sh\necho \"$@\" >> " + calls + "\n[ $1 != run ]\n"
	if err := os.WriteFile(filepath.Join(bin, "docker"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	t.Setenv("JAVA_HOME", "")
	if _, err := devserver.Start(t.Context(), devserver.Options{Own: true, HeapMB: 300}); err == nil {
		t.Fatal("a docker that fails started a server")
	}
	text, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"info ", "rm --force --volumes normgraph-neo4j-", "run --rm --name normgraph-neo4j-",
		"--publish 127.0.0.1:", ":7687 --volume ", ":/data ",
		"NEO4J_dbms_security_auth__enabled=false", "NEO4J_server_bolt_advertised__address=127.0.0.1:",
		"NEO4J_server_memory_heap_max__size=300m", "neo4j:5.26-community\n",
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("docker was called without %q:\n%s", part, text)
		}
	}
}

func TestPortTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "docker"), []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	_, err = devserver.Start(t.Context(), devserver.Options{Own: true, Port: l.Addr().(*net.TCPAddr).Port})
	expectError(t, err, l.Addr().String()+": port is taken by another process")
}

func TestBadOptions(t *testing.T) {
	_, err := devserver.Start(t.Context(), devserver.Options{Own: true, HeapMB: 16})
	expectError(t, err, "heap of 16 MiB", "at least 256")
	t.Setenv("NEO4J_URI", "neo4j://127.0.0.1:1")
	_, err = devserver.Start(t.Context(), devserver.Options{})
	expectError(t, err, "NEO4J_URI does not answer")
	if errors.Is(err, devserver.ErrUnavailable) {
		t.Error("a NEO4J_URI that does not answer must fail and not skip")
	}
}
