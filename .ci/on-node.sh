#!/usr/bin/env bash
# on-node.sh MAJOR [NAME…]: runs the compiled tests on another Node version, of core, the adapters, the conformance suite and
# the examples that have some, or of the packages and examples named.
set -euo pipefail
cd "$(dirname "$0")/.."

major=$1
shift
[ $# -gt 0 ] || set -- core fastify express nestjs conformance observability

binary=$(node -p '`node-${process.platform}-${process.arch}`')
home=$PWD/.cache/node$major
bin=$home/node_modules/$binary/bin
# A prefix of its own: pnpm's node_modules must not see this package.
[ -x "$bin/node" ] || npm install --no-save --no-audit --no-fund --loglevel=error --prefix "$home" "$binary@$major"
export PATH=$bin:$PATH
printf 'Node %s\n' "$(node --version)"

status=0
for name; do
  folder=packages/$name
  [ -d "$folder" ] || folder=examples/$name
  (cd "$folder" && ../../node_modules/.bin/tap) || status=1
done
exit "$status"
