package graph

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
)

// Handler answers GraphQL over POST. Parsed documents are kept.
func Handler(d *Database) http.Handler {
	server := handler.New(NewExecutableSchema(Config{Resolvers: &Resolver{DB: d}}))
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(withLoaders(r.Context(), d)))
	})
}
