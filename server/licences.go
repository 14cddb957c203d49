package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"normgraph/web"
)

type licencesCmd struct {
	Texts bool `help:"Print the licence texts too."`
}

// Help is the long help of the command.
func (licencesCmd) Help() string {
	return `First the packages of the pages, then the Go modules, whose licences are in docs/dependencies.md
and in the modules themselves. Example:

  normgraph licences --texts`
}

// Run prints a line for each package.
func (c *licencesCmd) Run() error {
	all, err := web.Licences()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, p := range all {
		fmt.Fprintf(out, "%s %s %s\n", p.Name, p.Version, p.Licence)
		if c.Texts {
			fmt.Fprintf(out, "\n%s\n\n", p.Text)
		}
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.Join(out.Flush(), errors.New("this program was built without a list of its Go modules"))
	}
	for _, m := range info.Deps {
		fmt.Fprintf(out, "%s %s\n", m.Path, m.Version)
	}
	return out.Flush()
}
