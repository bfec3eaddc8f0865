#!/usr/bin/env bash
# The C++ tests. Arguments choose among these kinds of build; without arguments all run:
#   plain     g++, or the compiler that CXX names; needs no Node
#   linked    the objects of the addon that node-gyp built, so that nothing but the tests is compiled
#   clang     clang, with the addon, by cmake-js; a warning is a failure
#   address   the address and undefined-behaviour sanitizers, with the addon, by cmake-js
#   thread    the thread sanitizer
#   aarch64   cross-compiled, under emulation
#   old-x86   `linked` under an emulated Haswell and Nehalem
set -eu
cd "$(dirname "$0")/.."
objects=build/Release/obj.target/hopfield

run() { (cd "$1" && ctest --output-on-failure); }

# Builds in build-NAME with CMake alone.
plain() {
  local name=$1
  shift
  cmake -S . -B "build-$name" -DHOPFIELD_TESTS=ON "$@" >/dev/null
  cmake --build "build-$name" -j 2 >"build-$name/build.log" 2>&1 || { cat "build-$name/build.log"; exit 1; }
}

# Builds in build-NAME/build with cmake-js, which also makes the addon.
with_addon() {
  local name=$1
  shift
  mkdir -p "build-$name"
  npx cmake-js build --out "build-$name/build" --CDHOPFIELD_TESTS=ON "$@" >"build-$name/build.log" 2>&1 ||
    { cat "build-$name/build.log"; exit 1; }
}

linked() {
  [ -d $objects ] || { echo "test-core: $objects is missing; run npm run build:native first" >&2; exit 1; }
  plain linked -DHOPFIELD_OBJECTS="$PWD/$objects"
}

[ $# -gt 0 ] || set -- plain linked clang address thread aarch64 old-x86
for kind; do
  echo "== C++ tests: $kind"
  case $kind in
    plain) plain plain && run build-plain ;;
    linked) linked && run build-linked ;;
    clang)
      # Zig, a cross-compiler made of clang, switches off what x86-64 as such lacks. This is the part of it that clang keeps apart
      # from AVX-512: the tiers must ask for 512-bit registers by name. At -O1 it takes half the time, and warns of the same.
      flags=
      [ "$(uname -m)" != x86_64 ] || flags=-mno-evex512
      rm -rf build-clang
      CXX=clang++-19 CXXFLAGS=$flags with_addon clang --CDHOPFIELD_OPTIMIZE=-O1
      if grep ' warning: ' build-clang/build.log; then exit 1; fi
      run build-clang/build
      ;;
    address) with_addon address --CDHOPFIELD_SANITIZE=address,undefined && run build-address/build ;;
    thread) plain thread -DHOPFIELD_SANITIZE=thread && run build-thread ;;
    old-x86)
      # Without AVX-512, and without AVX: nothing above the processor's own tier may run, not even to be listed.
      [ "$(uname -m)" = x86_64 ] || continue
      linked
      # Batches against lone recalls and fields of any overlaps take long, and call nothing that the rest does not call.
      # check-binary.sh reads in every instruction of a tier what these runs show of those that are reached.
      for cpu in Haswell Nehalem; do
        HOPFIELD_BRIEFLY=1 qemu-x86_64-static -cpu $cpu build-linked/core_test --test-case-exclude='a batch gives each cue*,fields are exact*' \
          2> >(grep -v "doesn't support requested feature" >&2)
      done
      ;;
    aarch64)
      # The two header-only libraries do not depend on the processor; a folder of links keeps other headers out.
      mkdir -p build-headers && ln -sfn /usr/include/doctest build-headers/doctest && ln -sfn /usr/include/nlohmann build-headers/nlohmann
      plain aarch64 -DCMAKE_TOOLCHAIN_FILE="$PWD/scripts/aarch64.cmake" -DHOPFIELD_TEST_HEADERS="$PWD/build-headers"
      run build-aarch64
      ;;
    *) echo "unknown: $kind" >&2; exit 2 ;;
  esac
done
