#!/usr/bin/env bash
# The C++ tests: plain, under sanitizers, and under emulation for AArch64 and for old x86-64 processors. An argument
# chooses one of plain, address, thread, aarch64, old-x86; without an argument all run.
set -eu
cd "$(dirname "$0")/.."
one() {
  local name=$1
  shift
  cmake -S . -B "build-$name" -DHOPFIELD_TESTS=ON "$@" >/dev/null
  cmake --build "build-$name" -j 2 >/dev/null
  (cd "build-$name" && ctest --output-on-failure)
}
for kind in ${1:-plain address thread aarch64 old-x86}; do
  echo "== C++ tests: $kind"
  case $kind in
    plain) one plain ;;
    address) one address -DHOPFIELD_SANITIZE=address,undefined ;;
    thread) one thread -DHOPFIELD_SANITIZE=thread ;;
    old-x86)
      # Without AVX-512, and without AVX: no instruction above the processor's own tier may run, not even to list tiers.
      [ "$(uname -m)" = x86_64 ] || continue
      one plain
      for cpu in Haswell Nehalem; do qemu-x86_64-static -cpu $cpu build-plain/core_test 2> >(grep -v "doesn't support requested feature" >&2); done
      ;;
    aarch64)
      # The two header-only libraries do not depend on the processor; a folder of links excludes all other headers.
      mkdir -p build-headers && ln -sfn /usr/include/doctest build-headers/doctest && ln -sfn /usr/include/nlohmann build-headers/nlohmann
      one aarch64 -DCMAKE_TOOLCHAIN_FILE="$PWD/scripts/aarch64.cmake" -DHOPFIELD_TEST_HEADERS="$PWD/build-headers"
      ;;
    *) echo "unknown: $kind" >&2; exit 2 ;;
  esac
done
