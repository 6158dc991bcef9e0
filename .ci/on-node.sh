#!/usr/bin/env bash
# on-node.sh MAJOR [PACKAGE…]: runs the compiled tests on another Node version, of core, the adapters and the conformance
# suite, or of the packages named.
set -euo pipefail
cd "$(dirname "$0")/.."

major=$1
shift
# Longest first.
[ $# -gt 0 ] || set -- conformance core fastify express nestjs

binary=$(node -p '`node-${process.platform}-${process.arch}`')
home=$PWD/.cache/node$major
bin=$home/node_modules/$binary/bin
# A prefix of its own: pnpm's node_modules must not see this package.
[ -x "$bin/node" ] || npm install --no-save --no-audit --no-fund --loglevel=error --prefix "$home" "$binary@$major"
export PATH=$bin:$PATH
export TEST_SCOPE=${TEST_SCOPE-brief}
printf 'Node %s\n' "$(node --version)"

# Two at a time, as turbo runs them.
printf '%s\n' "$@" | xargs -P 2 -I {} sh -c 'cd packages/{} && ../../node_modules/.bin/tap'
