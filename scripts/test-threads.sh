#!/usr/bin/env bash
# The addon's own threads under the thread sanitizer: what starts, stops and answers work is compiled with it, and the kernels, which share
# nothing, are those that node-gyp compiled. Node is not instrumented, but its locks are seen. Linux with GCC alone.
set -eu
cd "$(dirname "$0")/.."
objects=build/Release/obj.target/hopfield
to=build-thread-addon
[ -d $objects ] || { echo "test-threads: $objects is missing; run npm run build:native first" >&2; exit 1; }
mkdir -p $to/build/Release
for name in addon/addon flag recall_batch; do
  "${CXX:-g++}" -std=c++17 -O1 -g1 -fPIC -fsanitize=thread -DNAPI_VERSION=8 -DNODE_ADDON_API_CPP_EXCEPTIONS \
    -DNODE_ADDON_API_DISABLE_DEPRECATED -DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS -DBUILDING_NODE_EXTENSION \
    -isystem node_modules/node-api-headers/include -isystem node_modules/node-addon-api -Inative \
    -c native/$name.cc -o $to/"$(basename $name)".o
done
"${CXX:-g++}" -shared -fsanitize=thread $to/*.o $(find $objects -name '*.o' ! -name addon.o ! -name flag.o ! -name recall_batch.o) \
  -o $to/build/Release/hopfield.node -Wl,-z,stack-size=1048576 -Wl,--version-script=native/addon/exports.map -pthread
# The thread sanitizer wants addresses where it expects them. A report ends the process.
HOPFIELD_NATIVE_PREBUILD=$PWD/$to TSAN_OPTIONS="halt_on_error=1 exitcode=66 ignore_noninstrumented_modules=1" \
  LD_PRELOAD=$("${CXX:-g++}" -print-file-name=libtsan.so) \
  exec setarch -R node node_modules/vitest/vitest.mjs run --project all --testTimeout=1200000 --reporter=dot "$@"
