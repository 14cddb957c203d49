# What is done often. `make check` is all that CI does.

.PHONY: test check generate lint web bench

test:      ## tests for which something is missing say so and are skipped
	go test ./...

check:     ## everything, on what is committed here: Neo4j, Node, Chromium, R, fuzzing, soak
	bash .ci/run

generate:  ## what is made from schema.graphqls
	go generate ./...

lint:
	test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v -e '^graph/internal/exec/' -e '^graph/model/'))"
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

web:       ## web/dist from web/src
	cd web && npm ci && npm run build

bench:     ## two minutes; bench/README.md has the rest
	go run ./bench --quick
