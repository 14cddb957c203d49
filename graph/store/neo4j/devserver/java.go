package devserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// findJava returns the path of a Java that Neo4j 5.26 runs on: JAVA_HOME's if
// set, else the one on PATH.
func findJava(ctx context.Context) (string, error) {
	java, origin := "java", "on PATH"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java, origin = filepath.Join(home, "bin", "java"), "of JAVA_HOME"
		if runtime.GOOS == "windows" {
			java += ".exe"
		}
	}
	path, err := exec.LookPath(java)
	if err != nil {
		return "", fmt.Errorf("Java %s not found: install Java 17 or 21, or set JAVA_HOME (%w)", origin, err)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, "-version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("Java %s does not run: %w: %s", origin, err, firstLine(output))
	}
	switch version := javaMajor(string(output)); version {
	case "17", "21":
		return path, nil
	case "":
		return "", fmt.Errorf("Java %s (%s): cannot read its version from %q; Neo4j needs Java 17 or 21", origin, path, firstLine(output))
	default:
		return "", fmt.Errorf("Java %s (%s) has version %s; Neo4j needs 17 or 21: set JAVA_HOME", origin, path, version)
	}
}

var javaVersion = regexp.MustCompile(`version "(1\.)?(\d+)`)

// javaMajor reads the output of java -version; 1.8 is 8.
func javaMajor(output string) string {
	if m := javaVersion.FindStringSubmatch(output); m != nil {
		return m[2]
	}
	return ""
}

func firstLine(output []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	return line
}

// toolError says that a tool is missing, in the user's words.
func toolError(tool string, err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s not found on PATH", tool)
	}
	return fmt.Errorf("%s: %w", tool, err)
}
