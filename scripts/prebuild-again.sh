#!/usr/bin/env bash
# Whether a binary depends on where and when it was built: builds targets once more, in a copy of this commit in a folder of another name
# and depth, with nothing of what zig kept from before, and compares the bytes with those in prebuilds/.
#   bash scripts/prebuild-again.sh [TARGET…]    all by default
set -eu
cd "$(dirname "$0")/.."
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy="$work/a folder/of another depth"
mkdir -p "$copy"
git ls-files -z | xargs -0 cp --parents -t "$copy"
ln -s "$here/node_modules" "$copy/node_modules"
(cd "$copy" && ZIG_GLOBAL_CACHE_DIR="$work/zig" ZIG_LOCAL_CACHE_DIR="$work/zig" node scripts/prebuild.mjs "$@")
status=0
while IFS= read -r file; do
  if [ ! -f "$file" ]; then
    echo "not compared: $file was not built here"
    status=1
  elif cmp -s "$copy/$file" "$file"; then
    echo "the same bytes: $file $(sha256sum <"$file" | cut -c 1-16)"
  else
    echo "other bytes: $file"
    status=1
  fi
done < <(cd "$copy" && find prebuilds -name '*.node' | sort)
exit $status
