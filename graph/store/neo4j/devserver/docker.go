package devserver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

const image = "neo4j:5.26-community"

// docker runs the official image in the foreground, with the data folder of
// the host, so that a container can be removed without a loss. A container
// outlives a process that was killed; the next start over its folder removes it.
type docker struct{}

func (docker) name() string { return HowDocker }

func (docker) prepare(ctx context.Context, opts Options) error {
	if _, err := exec.LookPath("docker"); err != nil {
		return toolError("docker", err)
	}
	short, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	output, err := exec.CommandContext(short, "docker", "info", "--format", "{{.ServerVersion}}").CombinedOutput()
	if err != nil {
		return fmt.Errorf("the daemon does not answer (%w): %s", err, firstLine(output))
	}
	if exec.CommandContext(ctx, "docker", "image", "inspect", image).Run() == nil {
		return nil
	}
	return runTool(ctx, exec.Command("docker", "pull", image), opts.Log)
}

func (docker) command(inst *instance) (*exec.Cmd, error) {
	data, err := inst.folder("data")
	if err != nil {
		return nil, err
	}
	// The folder is locked by us, so a container of this name is what a killed
	// process left. Mostly there is none, and that is no error.
	_ = docker{}.kill(inst)

	args := []string{"run", "--rm", "--name", container(inst),
		"--publish", inst.address() + ":7687", "--volume", data + ":/data"}
	if uid := os.Getuid(); uid > 0 {
		args = append(args, "--user", strconv.Itoa(uid)+":"+strconv.Itoa(os.Getgid()))
	}
	settings := inst.settings()
	settings["server.memory.heap.initial_size"] = fmt.Sprintf("%dm", min(512, inst.opts.HeapMB))
	settings["server.memory.heap.max_size"] = fmt.Sprintf("%dm", inst.opts.HeapMB)
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		args = append(args, "--env", imageVariable(key)+"="+settings[key])
	}
	return exec.Command("docker", append(args, image)...), nil
}

// kill removes the container by force: it outlives its docker run.
func (docker) kill(inst *instance) error {
	output, err := exec.Command("docker", "rm", "--force", "--volumes", container(inst)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("docker rm: %w: %s", err, firstLine(output))
	}
	return nil
}

// container is the one name for the server over a home folder.
func container(inst *instance) string {
	sum := sha256.Sum256([]byte(inst.home))
	return fmt.Sprintf("normgraph-neo4j-%x", sum[:6])
}

// imageVariable is how the image spells a setting in its environment.
func imageVariable(setting string) string {
	return "NEO4J_" + strings.ReplaceAll(strings.ReplaceAll(setting, "_", "__"), ".", "_")
}
