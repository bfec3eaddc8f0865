// How bits and numbers lie in memory: the notation and layout of src/kernels/contract/layout.ts. No Node
// headers in core/, so that it also builds as a plain test program, under sanitizers and for other
// processors.
#ifndef HOPFIELD_CORE_LAYOUT_H_
#define HOPFIELD_CORE_LAYOUT_H_

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed rows are shared with JavaScript as little-endian words"
#endif

#if defined(__GNUC__) || defined(__clang__)
#define HOPFIELD_PRAGMA_OF(text) _Pragma(#text)
#define HOPFIELD_PRAGMA(text) HOPFIELD_PRAGMA_OF(text)
/// Before a loop: all of it as straight-line code, so that what it indexes stays in registers.
#define HOPFIELD_UNROLL(times) HOPFIELD_PRAGMA(GCC unroll times)
#define HOPFIELD_NOINLINE __attribute__((noinline))
/// Where the arguments must stay in registers, however often it is used.
#define HOPFIELD_INLINE inline __attribute__((always_inline))
#else
#define HOPFIELD_UNROLL(times)
#define HOPFIELD_NOINLINE __declspec(noinline)
#define HOPFIELD_INLINE __forceinline
#endif

namespace hopfield {

constexpr size_t kBlockBits = 512;
constexpr size_t kBlockWords = kBlockBits / 32;
/// Up to so many neurons, rows end with the last word of 64 bits in use.
constexpr size_t kShortBits = 256;

/// 512-bit blocks that N neurons fill, the last one perhaps in part.
constexpr size_t row_blocks(size_t neurons) { return (neurons + kBlockBits - 1) / kBlockBits; }
/// 32-bit words per row of N neurons.
constexpr size_t row_words(size_t neurons) {
  return neurons <= kShortBits ? (neurons + 63) / 64 * 2 : row_blocks(neurons) * kBlockWords;
}
/// 32-bit words of a row in each of its blocks: all sixteen, but of a short row what there is.
constexpr size_t block_words(size_t neurons) {
  return neurons <= kShortBits ? row_words(neurons) : kBlockWords;
}
/// 32-bit words per column of P patterns.
constexpr size_t column_words(size_t patterns) { return (patterns + 63) / 64 * 2; }

/// 32-bit words of P patterns of N neurons in planes.
constexpr size_t plane_words(size_t patterns, size_t neurons) {
  return (patterns + 7) / 8 * ((neurons + 63) / 64) * 16;
}

/// Numbers per row of a matrix with `columns` columns: whole groups of eight, as dot8 takes them.
constexpr size_t padded_stride(size_t columns) { return (columns + 7) / 8 * 8; }

/// Zeroes the padding bits of a row, whatever they were.
void clear_padding(uint32_t* row, size_t neurons);

}  // namespace hopfield

#endif  // HOPFIELD_CORE_LAYOUT_H_
