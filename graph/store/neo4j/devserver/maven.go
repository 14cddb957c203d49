package devserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Version is the Neo4j that Maven's jars bring.
const Version = "5.26.12"

// The community server's assembly is on Maven Central as a pom of its jars.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>normgraph</groupId>
  <artifactId>neo4j</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.neo4j.assembly</groupId>
      <artifactId>neo4j-community-standalone</artifactId>
      <version>` + Version + `</version>
      <type>pom</type>
    </dependency>
  </dependencies>
</project>
`

// maven runs the server's jars with the Java of this machine.
type maven struct{ java, lib string }

func (*maven) name() string { return HowMaven }

func (m *maven) prepare(ctx context.Context, opts Options) error {
	var err error
	if m.java, err = findJava(ctx); err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("no folder for the jars: %w", err)
	}
	m.lib, err = fetchJars(ctx, filepath.Join(cache, "normgraph"), opts)
	return err
}

// fetchJars returns the folder with the server's jars and fills it first if
// need be. The folder appears by a rename, so it is complete if it is there.
func fetchJars(ctx context.Context, cache string, opts Options) (string, error) {
	lib := filepath.Join(cache, "neo4j-"+Version)
	if _, err := os.Stat(lib); err == nil {
		return lib, nil
	}
	mvn, err := exec.LookPath("mvn")
	if err != nil {
		return "", fmt.Errorf("fetching the jars of Neo4j %s: %w", Version, toolError("mvn", err))
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(cache, "neo4j-"+Version+".part-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	if err := os.WriteFile(filepath.Join(work, "pom.xml"), []byte(pom), 0o644); err != nil {
		return "", err
	}

	cmd := exec.Command(mvn, "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
		"-DoutputDirectory=lib", "-DincludeScope=runtime", "-DincludeTypes=jar")
	cmd.Dir = work
	if err := runTool(ctx, cmd, opts.Log); err != nil {
		return "", fmt.Errorf("fetching the jars of Neo4j %s: %w", Version, err)
	}
	part := filepath.Join(work, "lib")
	if _, err := os.Stat(filepath.Join(part, "neo4j-"+Version+".jar")); err != nil {
		return "", fmt.Errorf("mvn did not bring the jars of Neo4j %s: %w", Version, err)
	}
	// Another process may have been first; its folder is as good.
	if err := os.Rename(part, lib); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return lib, nil
}

func (m *maven) command(inst *instance) (*exec.Cmd, error) {
	conf, err := inst.folder("conf")
	if err != nil {
		return nil, err
	}
	if _, err := inst.folder("plugins"); err != nil { // the server insists
		return nil, err
	}
	settings := inst.settings()
	settings["server.bolt.listen_address"] = inst.address()
	if err := os.WriteFile(filepath.Join(conf, "neo4j.conf"), []byte(confText(settings)), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(m.java,
		fmt.Sprintf("-Xms%dm", min(512, inst.opts.HeapMB)),
		fmt.Sprintf("-Xmx%dm", inst.opts.HeapMB),
		"-XX:+UseG1GC",
		"--add-opens=java.base/java.nio=ALL-UNNAMED",
		"--add-opens=java.base/java.io=ALL-UNNAMED",
		"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
		"-cp", filepath.Join(m.lib, "*"),
		"org.neo4j.server.CommunityEntryPoint",
		"--home-dir="+inst.home, "--config-dir="+conf, "--console-mode")
	cmd.Dir = inst.home
	return cmd, nil
}

// kill has nothing to add: the server is the command's own process.
func (*maven) kill(*instance) error { return nil }

func confText(settings map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, "%s=%s\n", key, settings[key])
	}
	return b.String()
}
