// All tiers, and which of them this processor runs: the whole policy on one screen.
#include "core/tier.h"

#include "tiers/tiers.h"

#if defined(_MSC_VER) && !defined(__clang__) && defined(_M_X64)
#include <intrin.h>
#elif defined(__x86_64__) || defined(_M_X64)
#include <cpuid.h>
#endif
#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace hopfield {

namespace {

#if defined(__x86_64__) || defined(_M_X64)
// Not __builtin_cpu_supports: it asks for a table that not every compiler brings, as zig's does not.
enum Register { kEax, kEbx, kEcx, kEdx };
bool cpuid_bits(unsigned leaf, Register reg, unsigned mask) {
#if defined(_MSC_VER) && !defined(__clang__)
  int r[4];
  __cpuid(r, 0);
  if (static_cast<unsigned>(r[0]) < leaf) return false;
  __cpuidex(r, static_cast<int>(leaf), 0);
#else
  unsigned r[4];
  if (!__get_cpuid_count(leaf, 0, &r[0], &r[1], &r[2], &r[3])) return false;
#endif
  return (static_cast<unsigned>(r[reg]) & mask) == mask;
}
// Whether the operating system saves these registers when it gives the processor to another thread.
bool os_saves(unsigned state) {
  if (!cpuid_bits(1, kEcx, 1u << 27)) return false;
#if defined(_MSC_VER) && !defined(__clang__)
  const unsigned saved = static_cast<unsigned>(_xgetbv(0));
#else
  unsigned saved, high;
  __asm__("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
#endif
#if defined(__APPLE__)
  // macOS saves the registers of AVX-512 from their first use on, and says so only then.
  state &= 0x6;
#endif
  return (saved & state) == state;
}
// XCR0: 1 SSE, 2 AVX, 5 to 7 AVX-512, 17 and 18 tiles.
constexpr unsigned kAvxState = 0x6, kAvx512State = 0xE6;
#if defined(__linux__)
constexpr unsigned kTileState = 0x60000;
#endif
// Leaf 7: EBX 5 AVX2, 3 BMI1, 8 BMI2, 16 AVX512F, 17 DQ, 30 BW, 31 VL; ECX 1 VBMI, 8 GFNI, 11 VNNI, 12
// BITALG, 14 VPOPCNTDQ; EDX 24 AMX-TILE, 25 AMX-INT8. Leaf 1: ECX 12 FMA, 23 POPCNT.
bool has_avx2() {
  return os_saves(kAvxState) && cpuid_bits(7, kEbx, 1u << 5 | 1u << 3 | 1u << 8) &&
         cpuid_bits(1, kEcx, 1u << 23 | 1u << 12);
}
bool has_avx512_skx() {
  return has_avx2() && os_saves(kAvx512State) &&
         cpuid_bits(7, kEbx, 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31);
}
bool has_avx512() {
  return has_avx512_skx() && cpuid_bits(7, kEcx, 1u << 14 | 1u << 12 | 1u << 11 | 1u << 8 | 1u << 1);
}
#endif

#if defined(__linux__) && defined(__x86_64__)
bool has_amx() { return has_avx512() && os_saves(kTileState) && cpuid_bits(7, kEdx, 1u << 24 | 1u << 25); }
// A process must ask the kernel before it uses tiles. The kernel may refuse: it is too old, a sandbox forbids
// it, or a thread's signal stack is too small for tiles. This asks once; the answer holds for all threads.
bool may_use_amx() {
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  static const bool granted = has_amx() && syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
  return granted;
}
#elif defined(__x86_64__) || defined(_M_X64)
// The request for the matrix unit is implemented for Linux only.
bool has_amx() { return false; }
bool may_use_amx() { return false; }
#endif

bool always() { return true; }

// Only this file examines the processor. It does so before it calls `fill`: even the function that fills a
// tier's table is compiled for that tier and must not run on other processors.
template <class Fill>
Tier make(const char* name, const char* description, bool (*usable)(), Fill fill,
          bool (*present)() = always) {
  Tier tier = usable() ? fill() : Tier{};
  tier.name = name;
  tier.description = description;
  tier.usable = usable;
  tier.refused = !usable() && present != always && present();
  return tier;
}

}  // namespace

const Tier* const* tiers(size_t* count) {
#if defined(__x86_64__) || defined(_M_X64)
  static const Tier kAmx =
      make("amx", "AMX int8 beside AVX-512 (Sapphire Rapids and later)", may_use_amx, amx_tier, has_amx);
  static const Tier kAvx512 = make(
      "avx512", "AVX-512 F, BW, DQ, VL, VBMI, VNNI, BITALG, VPOPCNTDQ, and GFNI (Ice Lake, Zen 4 and later)",
      has_avx512, avx512_tier);
  static const Tier kAvx512Skx =
      make("avx512-skx", "AVX-512 F, BW, DQ and VL (Skylake-X and later)", has_avx512_skx, avx512_skx_tier);
  static const Tier kAvx2 =
      make("avx2", "AVX2, FMA, BMI and POPCNT (Haswell, Zen and later)", has_avx2, avx2_tier);
#elif defined(__aarch64__) || defined(_M_ARM64)
  static const Tier kNeon = make("neon", "Advanced SIMD (every AArch64 processor)", always, neon_tier);
#endif
#if defined(__wasm__)
  static const Tier kWasm = make("wasm-simd128", "WebAssembly with vectors of 128 bits", always, wasm_tier);
  static const Tier* const kTiers[] = {&kWasm};
#else
  static const Tier kScalar = make("scalar", "portable C++", always, scalar_tier);
  static const Tier* const kTiers[] = {
#if defined(__x86_64__) || defined(_M_X64)
    &kAmx,
    &kAvx512,
    &kAvx512Skx,
    &kAvx2,
#elif defined(__aarch64__) || defined(_M_ARM64)
    &kNeon,
#endif
    &kScalar
  };
#endif
  *count = sizeof(kTiers) / sizeof(kTiers[0]);
  return kTiers;
}

const Tier* find_tier(const char* name) {
  size_t count;
  const Tier* const* all = tiers(&count);
  for (size_t t = 0; t < count; t++) {
    if (strcmp(all[t]->name, name) == 0) return all[t];
  }
  return nullptr;
}

}  // namespace hopfield
