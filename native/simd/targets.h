// The instruction sets of each tier for x86-64, by the names of GCC and clang.
#ifndef HOPFIELD_SIMD_TARGETS_H_
#define HOPFIELD_SIMD_TARGETS_H_

#define HOPFIELD_AVX2 "avx2,fma,bmi,bmi2,popcnt"

// Clang 18 to 21 keep 512-bit registers apart from AVX-512 as `evex512`. Cross-compilers that switch off
// whatever their baseline lacks switch that off too, so it must be named; other compilers do not know the
// name.
#if defined(__clang__) && !defined(__apple_build_version__) && __clang_major__ >= 18 && __clang_major__ <= 21
#define HOPFIELD_EVEX512 ",evex512"
#else
#define HOPFIELD_EVEX512
#endif

#define HOPFIELD_AVX512_SKX "avx512f,avx512bw,avx512dq,avx512vl,avx2,bmi,bmi2,popcnt" HOPFIELD_EVEX512
#define HOPFIELD_AVX512 HOPFIELD_AVX512_SKX ",avx512vpopcntdq,avx512bitalg,avx512vbmi,avx512vnni,gfni"
#define HOPFIELD_AMX HOPFIELD_AVX512 ",amx-tile,amx-int8"

#endif  // HOPFIELD_SIMD_TARGETS_H_
