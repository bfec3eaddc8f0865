#!/usr/bin/env bash
# Installs the two tarballs of a release, as a user does, and asks whether the binary for this machine computes, and computes right.
#   bash scripts/try-tarballs.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Without a path that a shell of Windows could write its own way.
cp "$folder"/*.tgz "$here/smoke.mjs" .
printf '{ "name": "stranger", "private": true }\n' >package.json
npm install --ignore-scripts --no-audit --no-fund ./*.tgz
HOPFIELD_BACKEND=native node smoke.mjs node_modules/hopfield-native
npx --no-install hopfield-native info
npx --no-install hopfield demo
