#!/usr/bin/env bash
# The addon under failing allocations: links the objects that node-gyp compiled with an `operator new` that counts and fails on demand
# (native/test/faults.cc), and runs test/faults on it. Linux alone.
# HOPFIELD_FAULTS_ALL=1: every memory, and not one of six.
set -eu
cd "$(dirname "$0")/.."
objects=build/Release/obj.target/hopfield
to=build-faults/build/Release
[ -d $objects ] || { echo "test-faults: $objects is missing; run npm run build:native first" >&2; exit 1; }
mkdir -p $to
"${CXX:-g++}" -std=c++17 -O1 -g1 -fPIC -shared $(find $objects -name '*.o') native/test/faults.cc -o $to/hopfield.node \
  -Wl,-z,stack-size=1048576 -Wl,--version-script=native/addon/exports.map -pthread
head -c 24 /dev/zero >build-faults/control
HOPFIELD_NATIVE_PREBUILD=$PWD/build-faults HOPFIELD_FAULTS=$PWD/build-faults/control \
  exec npx vitest run --config vitest.faults.config.ts "$@"
