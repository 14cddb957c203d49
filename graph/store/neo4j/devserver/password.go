package devserver

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// defaultUser is Neo4j's own, with a password of the same name that must be changed
// before anything else.
const defaultUser = "neo4j"

func (inst *instance) user() string {
	if inst.password == "" {
		return ""
	}
	return defaultUser
}

// keptPassword is the one in a home folder, which is made where there is none.
func keptPassword(home string) (string, error) {
	file := filepath.Join(home, "password")
	text, err := os.ReadFile(file)
	if err == nil && len(strings.TrimSpace(string(text))) >= 8 {
		return strings.TrimSpace(string(text)), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	password := rand.Text()
	return password, os.WriteFile(file, []byte(password+"\n"), 0o600)
}

// refused reports whether a server answers and does not take the password.
func refused(err error) bool {
	var answer *neo4j.Neo4jError
	return errors.As(err, &answer) && strings.HasPrefix(answer.Code, "Neo.ClientError.Security.")
}

// setPassword gives a new database its password.
func (s *Server) setPassword(ctx context.Context) error {
	driver, err := neo4j.NewDriverWithContext(s.URI, neo4j.BasicAuth(defaultUser, defaultUser, ""))
	if err != nil {
		return err
	}
	defer driver.Close(context.WithoutCancel(ctx))
	_, err = neo4j.ExecuteQuery(ctx, driver, "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
		map[string]any{"old": defaultUser, "new": s.Password}, neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("system"))
	return err
}
