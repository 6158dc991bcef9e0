#!/usr/bin/env bash
# on-node.sh MAJOR [NAME…]: runs the compiled tests on another Node version, of core, the adapters, the conformance suite and
# the examples that have some, or of the packages and examples named.
set -euo pipefail
cd "$(dirname "$0")/.."

major=$1
shift
# Longest first.
[ $# -gt 0 ] || set -- conformance core fastify express nestjs observability

binary=$(node -p '`node-${process.platform}-${process.arch}`')
home=$PWD/.cache/node$major
bin=$home/node_modules/$binary/bin
# A prefix of its own: pnpm's node_modules must not see this package.
[ -x "$bin/node" ] || npm install --no-save --no-audit --no-fund --loglevel=error --prefix "$home" "$binary@$major"
export PATH=$bin:$PATH
export TEST_SCOPE=${TEST_SCOPE-brief}
printf 'Node %s\n' "$(node --version)"

# One after the other: a case that waits for a processor is not the one that was meant.
printf '%s\n' "$@" | xargs -I {} sh -c 'cd packages/{} 2>/dev/null || cd examples/{}; ../../node_modules/.bin/tap'
