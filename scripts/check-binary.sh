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
  # What a tier must not have, and the next one has: else the pattern would look for nothing. AVX-512 is the instructions that begin
  # with 62, and its masks.
  lacks() {
    ! objdump -d "build/Release/obj.target/hopfield/native/tiers/$1.o" | grep -E "$3" | head -3 | grep . || fail "$1 has what $2 has"
    objdump -d "build/Release/obj.target/hopfield/native/tiers/$2.o" | grep -E "$3" | grep -q . || fail "nothing in $2 looks like $3"
  }
  lacks avx2 avx512_skx '^ *[0-9a-f]+:.62 |%k[0-7]|%[xyz]mm(1[6-9]|2[0-9]|3[01])'
  lacks avx512_skx avx512 'vpdp|vpopcnt|vperm(|i2|t2)b|vpsh[lr]d[vwdq]|vpmultishift|vp(compress|expand)[bw]|vpshufbitqmb|gf2p8'
  lacks avx512 amx '%tmm|tileloadd|ldtilecfg'
fi
echo "binary: exports and instructions are right, $glibc"
