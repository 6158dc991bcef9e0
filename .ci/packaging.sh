#!/usr/bin/env bash
# Packs each public package as it would be published and checks the tarballs. Expects a finished build, and `pnpm` in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

tarballs=.cache/tarballs
rm -rf "$tarballs"
mkdir -p "$tarballs"

for package in core fastify express nestjs cli; do
  printf -- '- %s\n' "$package"
  tarball=$tarballs/$package.tgz
  (cd "packages/$package" && pnpm pack --out "../../$tarball" >/dev/null)
  node_modules/.bin/publint run "$tarball" --strict
  # The command line has no types to offer.
  [ "$package" = cli ] || node_modules/.bin/attw "$tarball" --profile esm-only --no-emoji
  if tar -tzf "$tarball" | grep -E 'tsbuildinfo|/src/|/test/|dist-test'; then
    printf '%s would publish files that it should not\n' "$package"
    exit 1
  fi
done
