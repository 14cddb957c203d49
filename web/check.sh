#!/bin/sh
# Rebuilds from the lock file in a temporary folder and compares the result with
# the committed dist/, both unpacked: packed bytes differ between Node versions.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/web" "$work/graph" "$work/want" "$work/got"
cp -R ../documents "$work/documents"
cp ../graph/api.graphqls "$work/graph/"
cp -R .npmrc package.json package-lock.json tsconfig.json vite.config.ts vite-licences.ts src scripts "$work/web/"
(cd "$work/web" && npm ci --ignore-scripts && npm run build)

unpack() {
	cp -R "$1/." "$2"
	find "$2" -name '*.gz' -exec gzip -d {} +
}
unpack dist "$work/got"
unpack "$work/web/dist" "$work/want"
if ! diff -rq "$work/want" "$work/got"; then
	echo "web/dist is stale: run 'npm ci && npm run build' in web/ and commit dist/" >&2
	exit 1
fi
echo "web/dist is what its sources make"
