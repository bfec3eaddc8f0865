// The names of Advanced SIMD that the files neon_*.h use, on WebAssembly's vectors of 128 bits, which have
// almost the same instructions. Where a name has none, its lanes are said in C++, and the compiler finds the
// shortest way.
#ifndef HOPFIELD_SIMD_NEON_ON_WASM_H_
#define HOPFIELD_SIMD_NEON_ON_WASM_H_

#include <wasm_simd128.h>

#include <cstdint>
#include <cstring>

typedef uint8_t uint8x8_t __attribute__((vector_size(8)));
typedef int8_t int8x8_t __attribute__((vector_size(8)));
typedef uint32_t uint32x2_t __attribute__((vector_size(8)));
typedef int32_t int32x2_t __attribute__((vector_size(8)));
typedef int16_t int16x4_t __attribute__((vector_size(8)));
typedef uint64_t uint64x1_t __attribute__((vector_size(8)));
typedef float float32x2_t __attribute__((vector_size(8)));
typedef uint8_t uint8x16_t __attribute__((vector_size(16)));
typedef int8_t int8x16_t __attribute__((vector_size(16)));
typedef uint16_t uint16x8_t __attribute__((vector_size(16)));
typedef int16_t int16x8_t __attribute__((vector_size(16)));
typedef uint32_t uint32x4_t __attribute__((vector_size(16)));
typedef int32_t int32x4_t __attribute__((vector_size(16)));
typedef uint64_t uint64x2_t __attribute__((vector_size(16)));
typedef int64_t int64x2_t __attribute__((vector_size(16)));
typedef float float32x4_t __attribute__((vector_size(16)));
typedef double float64x2_t __attribute__((vector_size(16)));

// Loads, stores, copies of one number, sums and differences of every kind.
#define HOPFIELD_LANES(type, element, suffix)                                         \
  static inline type vld1q_##suffix(const element* p) {                               \
    type x;                                                                           \
    memcpy(&x, p, sizeof(x));                                                         \
    return x;                                                                         \
  }                                                                                   \
  static inline void vst1q_##suffix(element* p, type x) { memcpy(p, &x, sizeof(x)); } \
  static inline type vdupq_n_##suffix(element x) { return type{} + x; }               \
  static inline type vaddq_##suffix(type a, type b) { return a + b; }                 \
  static inline type vsubq_##suffix(type a, type b) { return a - b; }
HOPFIELD_LANES(uint8x16_t, uint8_t, u8)
HOPFIELD_LANES(int8x16_t, int8_t, s8)
HOPFIELD_LANES(uint16x8_t, uint16_t, u16)
HOPFIELD_LANES(int16x8_t, int16_t, s16)
HOPFIELD_LANES(uint32x4_t, uint32_t, u32)
HOPFIELD_LANES(int32x4_t, int32_t, s32)
HOPFIELD_LANES(uint64x2_t, uint64_t, u64)
HOPFIELD_LANES(int64x2_t, int64_t, s64)
HOPFIELD_LANES(float32x4_t, float, f32)
HOPFIELD_LANES(float64x2_t, double, f64)
#undef HOPFIELD_LANES

// Bits of integers, and where they meet.
#define HOPFIELD_BITS(type, suffix)                                   \
  static inline type vandq_##suffix(type a, type b) { return a & b; } \
  static inline type veorq_##suffix(type a, type b) { return a ^ b; } \
  static inline type vorrq_##suffix(type a, type b) { return a | b; }
HOPFIELD_BITS(uint8x16_t, u8)
HOPFIELD_BITS(int8x16_t, s8)
HOPFIELD_BITS(uint16x8_t, u16)
HOPFIELD_BITS(int16x8_t, s16)
HOPFIELD_BITS(uint32x4_t, u32)
HOPFIELD_BITS(int32x4_t, s32)
HOPFIELD_BITS(uint64x2_t, u64)
HOPFIELD_BITS(int64x2_t, s64)
#undef HOPFIELD_BITS
static inline uint8x16_t vtstq_u8(uint8x16_t a, uint8x16_t b) {
  return reinterpret_cast<uint8x16_t>((a & b) != 0);
}
static inline uint16x8_t vtstq_u16(uint16x8_t a, uint16x8_t b) {
  return reinterpret_cast<uint16x8_t>((a & b) != 0);
}
static inline uint32x4_t vtstq_u32(uint32x4_t a, uint32x4_t b) {
  return reinterpret_cast<uint32x4_t>((a & b) != 0);
}
static inline uint64x2_t vtstq_u64(uint64x2_t a, uint64x2_t b) {
  return reinterpret_cast<uint64x2_t>((a & b) != 0);
}
static inline uint32x4_t vmvnq_u32(uint32x4_t x) { return ~x; }

// Where a bit of the mask is set that of a, elsewhere that of b.
template <class Mask, class T>
static inline T neon_select(Mask mask, T a, T b) {
  return reinterpret_cast<T>(wasm_v128_bitselect(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b),
                                                 reinterpret_cast<v128_t>(mask)));
}
static inline int16x8_t vbslq_s16(uint16x8_t mask, int16x8_t a, int16x8_t b) {
  return neon_select(mask, a, b);
}
static inline int32x4_t vbslq_s32(uint32x4_t mask, int32x4_t a, int32x4_t b) {
  return neon_select(mask, a, b);
}
static inline uint64x2_t vbslq_u64(uint64x2_t mask, uint64x2_t a, uint64x2_t b) {
  return neon_select(mask, a, b);
}
static inline float64x2_t vbslq_f64(uint64x2_t mask, float64x2_t a, float64x2_t b) {
  return neon_select(mask, a, b);
}
static inline float32x2_t vbsl_f32(uint32x2_t mask, float32x2_t a, float32x2_t b) {
  const auto x = reinterpret_cast<uint32x2_t>(a), y = reinterpret_cast<uint32x2_t>(b);
  return reinterpret_cast<float32x2_t>((x & mask) | (y & ~mask));
}

// The same bits as lanes of another kind.
static inline uint8x16_t vreinterpretq_u8_u16(uint16x8_t x) { return reinterpret_cast<uint8x16_t>(x); }
static inline uint64x2_t vreinterpretq_u64_s8(int8x16_t x) { return reinterpret_cast<uint64x2_t>(x); }
static inline uint16x8_t vreinterpretq_u16_u8(uint8x16_t x) { return reinterpret_cast<uint16x8_t>(x); }
static inline uint8x16_t vreinterpretq_u8_u64(uint64x2_t x) { return reinterpret_cast<uint8x16_t>(x); }
static inline uint64x2_t vreinterpretq_u64_u32(uint32x4_t x) { return reinterpret_cast<uint64x2_t>(x); }
static inline uint32x4_t vreinterpretq_u32_u64(uint64x2_t x) { return reinterpret_cast<uint32x4_t>(x); }
static inline uint8x16_t vreinterpretq_u8_u32(uint32x4_t x) { return reinterpret_cast<uint8x16_t>(x); }
static inline uint32x4_t vreinterpretq_u32_s32(int32x4_t x) { return reinterpret_cast<uint32x4_t>(x); }
static inline uint16x8_t vreinterpretq_u16_s16(int16x8_t x) { return reinterpret_cast<uint16x8_t>(x); }
static inline int64x2_t vreinterpretq_s64_f64(float64x2_t x) { return reinterpret_cast<int64x2_t>(x); }
static inline int32x4_t vreinterpretq_s32_u32(uint32x4_t x) { return reinterpret_cast<int32x4_t>(x); }
static inline int32x4_t vreinterpretq_s32_f32(float32x4_t x) { return reinterpret_cast<int32x4_t>(x); }
static inline int16x8_t vreinterpretq_s16_u16(uint16x8_t x) { return reinterpret_cast<int16x8_t>(x); }
static inline float64x2_t vreinterpretq_f64_s64(int64x2_t x) { return reinterpret_cast<float64x2_t>(x); }
static inline float32x4_t vreinterpretq_f32_s32(int32x4_t x) { return reinterpret_cast<float32x4_t>(x); }
static inline int32x2_t vreinterpret_s32_u32(uint32x2_t x) { return reinterpret_cast<int32x2_t>(x); }

// Halves, and numbers of one lane.
template <class T>
static inline T neon_load(const void* p) {
  T x;
  memcpy(&x, p, sizeof(x));
  return x;
}
static inline float32x2_t vld1_f32(const float* p) { return neon_load<float32x2_t>(p); }
static inline int32x2_t vld1_s32(const int32_t* p) { return neon_load<int32x2_t>(p); }
static inline uint32x2_t vld1_u32(const uint32_t* p) { return neon_load<uint32x2_t>(p); }
static inline void vst1_f32(float* p, float32x2_t x) { memcpy(p, &x, sizeof(x)); }
static inline void vst1_s32(int32_t* p, int32x2_t x) { memcpy(p, &x, sizeof(x)); }
static inline uint32x4_t vld1q_dup_u32(const uint32_t* p) { return uint32x4_t{} + *p; }
static inline uint8x8_t vdup_n_u8(uint8_t x) { return uint8x8_t{} + x; }
static inline float32x2_t vdup_n_f32(float x) { return float32x2_t{} + x; }
static inline uint64x1_t vcreate_u64(uint64_t x) { return uint64x1_t{x}; }
static inline uint64x2_t vcombine_u64(uint64x1_t a, uint64x1_t b) { return uint64x2_t{a[0], b[0]}; }
static inline uint8x16_t vcombine_u8(uint8x8_t a, uint8x8_t b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
static inline int8x16_t vcombine_s8(int8x8_t a, int8x8_t b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
static inline int8x8_t vget_low_s8(int8x16_t x) {
  return __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7);
}
static inline int8x8_t vget_high_s8(int8x16_t x) {
  return __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
}
static inline float32x4_t vcombine_f32(float32x2_t a, float32x2_t b) {
  return __builtin_shufflevector(a, b, 0, 1, 2, 3);
}
static inline float32x2_t vget_low_f32(float32x4_t x) { return __builtin_shufflevector(x, x, 0, 1); }
static inline float32x2_t vget_high_f32(float32x4_t x) { return __builtin_shufflevector(x, x, 2, 3); }
static inline int16x4_t vget_low_s16(int16x8_t x) { return __builtin_shufflevector(x, x, 0, 1, 2, 3); }
static inline int16x4_t vget_high_s16(int16x8_t x) { return __builtin_shufflevector(x, x, 4, 5, 6, 7); }
#define vgetq_lane_u32(x, lane) ((x)[lane])
#define vgetq_lane_u64(x, lane) ((x)[lane])
#define vgetq_lane_f64(x, lane) ((x)[lane])
#define vget_lane_f32(x, lane) ((x)[lane])
#define vdupq_laneq_f64(x, lane) __builtin_shufflevector(x, x, lane, lane)
/// Lane `to` of a becomes lane `from` of b.
#define vcopyq_laneq_f64(a, to, b, from) \
  __builtin_shufflevector(a, b, (to) == 0 ? 2 + (from) : 0, (to) == 1 ? 2 + (from) : 1)

// Wider and narrower numbers.
static inline int16x8_t vaddw_s8(int16x8_t sum, int8x8_t x) {
  return sum + __builtin_convertvector(x, int16x8_t);
}
static inline int8x8_t vqmovn_s16(int16x8_t x) {
  const v128_t wide = reinterpret_cast<v128_t>(x);
  return vget_low_s8(reinterpret_cast<int8x16_t>(wasm_i8x16_narrow_i16x8(wide, wide)));
}
static inline int32x4_t vaddw_s16(int32x4_t sum, int16x4_t x) {
  return sum + __builtin_convertvector(x, int32x4_t);
}
static inline int64x2_t vmovl_s32(int32x2_t x) { return __builtin_convertvector(x, int64x2_t); }
static inline uint32x2_t vget_low_u32(uint32x4_t x) { return __builtin_shufflevector(x, x, 0, 1); }
static inline uint64x2_t vmull_u32(uint32x2_t a, uint32x2_t b) {
  const auto wide = [](uint32x2_t x) {
    return reinterpret_cast<v128_t>(__builtin_shufflevector(x, x, 0, 1, 0, 1));
  };
  return reinterpret_cast<uint64x2_t>(wasm_u64x2_extmul_low_u32x4(wide(a), wide(b)));
}
static inline uint64x2_t vmull_high_u32(uint32x4_t a, uint32x4_t b) {
  return reinterpret_cast<uint64x2_t>(
      wasm_u64x2_extmul_high_u32x4(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
}
static inline uint64x2_t vmovl_u32(uint32x2_t x) { return __builtin_convertvector(x, uint64x2_t); }
static inline uint32x2_t vmovn_u64(uint64x2_t x) { return __builtin_convertvector(x, uint32x2_t); }
static inline float64x2_t vcvt_f64_f32(float32x2_t x) { return __builtin_convertvector(x, float64x2_t); }
static inline float32x2_t vcvt_f32_f64(float64x2_t x) { return __builtin_convertvector(x, float32x2_t); }
static inline float64x2_t vcvtq_f64_s64(int64x2_t x) { return __builtin_convertvector(x, float64x2_t); }
static inline float64x2_t vcvtq_f64_u64(uint64x2_t x) { return __builtin_convertvector(x, float64x2_t); }

// Counts and sums across lanes.
static inline uint8x16_t vcntq_u8(uint8x16_t x) {
  return reinterpret_cast<uint8x16_t>(wasm_i8x16_popcnt(reinterpret_cast<v128_t>(x)));
}
static inline uint16x8_t vpaddlq_u8(uint8x16_t x) {
  return reinterpret_cast<uint16x8_t>(wasm_u16x8_extadd_pairwise_u8x16(reinterpret_cast<v128_t>(x)));
}
static inline uint32x4_t vpaddlq_u16(uint16x8_t x) {
  return reinterpret_cast<uint32x4_t>(wasm_u32x4_extadd_pairwise_u16x8(reinterpret_cast<v128_t>(x)));
}
static inline int32x4_t vpaddlq_s16(int16x8_t x) {
  return reinterpret_cast<int32x4_t>(wasm_i32x4_extadd_pairwise_i16x8(reinterpret_cast<v128_t>(x)));
}
static inline int32x4_t vpadalq_s16(int32x4_t sum, int16x8_t x) { return sum + vpaddlq_s16(x); }
static inline int32x4_t vpaddq_s32(int32x4_t a, int32x4_t b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}
static inline float32x4_t vpaddq_f32(float32x4_t a, float32x4_t b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6) + __builtin_shufflevector(a, b, 1, 3, 5, 7);
}
static inline uint64x2_t vpaddlq_u32(uint32x4_t x) {
  const auto wide = reinterpret_cast<uint64x2_t>(x);
  return (wide & 0xffffffffu) + (wide >> 32);
}
static inline uint16x8_t vpadalq_u8(uint16x8_t sum, uint8x16_t x) { return sum + vpaddlq_u8(x); }
static inline int64x2_t vpadalq_s32(int64x2_t sum, int32x4_t x) {
  const auto wide = reinterpret_cast<int64x2_t>(x);
  return sum + ((wide << 32) >> 32) + (wide >> 32);
}
static inline int64_t vaddvq_s64(int64x2_t x) { return x[0] + x[1]; }
static inline uint64_t vaddvq_u64(uint64x2_t x) { return x[0] + x[1]; }

// Arithmetic.
static inline int8x16_t vqsubq_s8(int8x16_t a, int8x16_t b) {
  return reinterpret_cast<int8x16_t>(
      wasm_i8x16_sub_sat(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
}
static inline uint16x8_t vcgtq_s16(int16x8_t a, int16x8_t b) { return reinterpret_cast<uint16x8_t>(a > b); }
static inline uint32x4_t vcltq_u32(uint32x4_t a, uint32x4_t b) { return reinterpret_cast<uint32x4_t>(a < b); }
static inline uint32x4_t vcgtq_s32(int32x4_t a, int32x4_t b) { return reinterpret_cast<uint32x4_t>(a > b); }
static inline uint32x4_t vminq_u32(uint32x4_t a, uint32x4_t b) {
  return reinterpret_cast<uint32x4_t>(
      wasm_u32x4_min(reinterpret_cast<v128_t>(a), reinterpret_cast<v128_t>(b)));
}
static inline int32x4_t vmulq_s32(int32x4_t a, int32x4_t b) { return a * b; }
static inline float64x2_t vmulq_f64(float64x2_t a, float64x2_t b) { return a * b; }
static inline float32x4_t vmulq_f32(float32x4_t a, float32x4_t b) { return a * b; }
static inline float64x2_t vmulq_n_f64(float64x2_t a, double b) { return a * b; }
static inline float64x2_t vdivq_f64(float64x2_t a, float64x2_t b) { return a / b; }
static inline float32x4_t vdivq_f32(float32x4_t a, float32x4_t b) { return a / b; }
static inline float32x2_t vadd_f32(float32x2_t a, float32x2_t b) { return a + b; }
// Of equal numbers, and beside NaN, the second one, as the portable primitives have it.
static inline float64x2_t vminq_f64(float64x2_t a, float64x2_t b) {
  return reinterpret_cast<float64x2_t>(
      wasm_f64x2_pmin(reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(a)));
}
static inline float64x2_t vmaxq_f64(float64x2_t a, float64x2_t b) {
  return reinterpret_cast<float64x2_t>(
      wasm_f64x2_pmax(reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(a)));
}
static inline float32x4_t vminq_f32(float32x4_t a, float32x4_t b) {
  return reinterpret_cast<float32x4_t>(
      wasm_f32x4_pmin(reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(a)));
}
static inline float32x4_t vmaxq_f32(float32x4_t a, float32x4_t b) {
  return reinterpret_cast<float32x4_t>(
      wasm_f32x4_pmax(reinterpret_cast<v128_t>(b), reinterpret_cast<v128_t>(a)));
}
static inline float64x2_t vabsq_f64(float64x2_t x) {
  return reinterpret_cast<float64x2_t>(wasm_f64x2_abs(reinterpret_cast<v128_t>(x)));
}
static inline uint64x2_t vcltq_f64(float64x2_t a, float64x2_t b) {
  return reinterpret_cast<uint64x2_t>(a < b);
}
// Two roundings, where Advanced SIMD has one: of exact products alone.
static inline float64x2_t vfmaq_f64(float64x2_t c, float64x2_t a, float64x2_t b) { return c + a * b; }
static inline float32x4_t vfmaq_f32(float32x4_t c, float32x4_t a, float32x4_t b) { return c + a * b; }
static inline float32x4_t vfmsq_f32(float32x4_t c, float32x4_t a, float32x4_t b) { return c - a * b; }

// Shifts, by as many bits in every lane, and moves.
static inline uint16x8_t vshlq_u16(uint16x8_t x, int16x8_t bits) {
  return x << reinterpret_cast<uint16x8_t>(bits);
}
#define vshrq_n_u8(x, bits) ((x) >> (bits))
#define vshrq_n_u16(x, bits) ((x) >> (bits))
#define vshlq_n_s32(x, bits) ((x) << (bits))
#define vshlq_n_s64(x, bits) ((x) << (bits))
static inline uint8x16_t vqtbl1q_u8(uint8x16_t table, uint8x16_t index) {
  return reinterpret_cast<uint8x16_t>(
      wasm_i8x16_swizzle(reinterpret_cast<v128_t>(table), reinterpret_cast<v128_t>(index)));
}
static inline uint8x16_t vzip1q_u8(uint8x16_t a, uint8x16_t b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
static inline uint8x16_t vzip2q_u8(uint8x16_t a, uint8x16_t b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
static inline uint32x4_t vzip1q_u32(uint32x4_t a, uint32x4_t b) {
  return __builtin_shufflevector(a, b, 0, 4, 1, 5);
}
static inline uint32x4_t vzip2q_u32(uint32x4_t a, uint32x4_t b) {
  return __builtin_shufflevector(a, b, 2, 6, 3, 7);
}
static inline uint32x4_t vuzp1q_u32(uint32x4_t a, uint32x4_t b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
}
static inline uint32x4_t vuzp2q_u32(uint32x4_t a, uint32x4_t b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7);
}
static inline uint16x8_t vzip1q_u16(uint16x8_t a, uint16x8_t b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
static inline uint16x8_t vzip2q_u16(uint16x8_t a, uint16x8_t b) {
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

#endif  // HOPFIELD_SIMD_NEON_ON_WASM_H_
