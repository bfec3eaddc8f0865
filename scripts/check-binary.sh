#!/usr/bin/env bash
# Checks what a built addon contains: only two exported symbols, an old enough glibc, no instruction above the baseline
# outside its tier, and no weak function in a tier, which the linker could use elsewhere.
set -eu
cd "$(dirname "$0")/.."
addon=${1:-build/Release/hopfield.node}
fail() { echo "binary: $1" >&2; exit 1; }
exported=$(nm -D --defined-only "$addon" | awk '{print $3}' | sort | tr '\n' ' ')
[ "$exported" = 'napi_register_module_v1 node_api_module_get_api_version_v1 ' ] || fail "exports $exported"
glibc=$(objdump -T "$addon" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -1)
[ "$(printf '%s\nGLIBC_2.28\n' "$glibc" | sort -V | tail -1)" = GLIBC_2.28 ] || fail "needs $glibc"
if [ "$(uname -m)" = x86_64 ]; then
  for object in build/Release/obj.target/hopfield/native/*.o build/Release/obj.target/hopfield/native/*/*.o; do
    case $object in
      */avx*|*/amx*) ! nm -C "$object" | grep -E ' [WVu] ' | grep -v 'DW.ref.__gxx_personality_v0' || fail "$object has weak symbols" ;;
      *) ! objdump -d "$object" | grep -qE '%[yzt]mm' || fail "$object uses wide registers" ;;
    esac
  done
fi
echo "binary: exports and instructions are right, $glibc"
