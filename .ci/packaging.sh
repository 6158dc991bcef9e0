#!/usr/bin/env bash
# Packs each public package as it would be published, checks the tarballs, and has apps use them as strangers would. Expects a
# finished build, and `pnpm` in PATH.
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
  node_modules/.bin/attw "$tarball" --profile esm-only --no-emoji
  unpacked=$tarballs/$package
  mkdir "$unpacked"
  tar -xzf "$tarball" -C "$unpacked" --strip-components 1
  node .ci/check-package.js "$unpacked"
done
node .ci/consumers.js "$tarballs"/*.tgz
