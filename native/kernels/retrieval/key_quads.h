// Dot products of many queries with the keys of a tile, in f32, where vectors are short. With sixteen
// components of one key in a register, its sums would take as long to fold as to make. With four of each of
// four keys most of what is folded is whole registers, and the rest is folded for sixteen keys at once.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_KEY_QUADS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_KEY_QUADS_H_

#include "kernels/retrieval/key_dots.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

class KeyQuads {
 public:
  /// How many share a block of registers.
  static constexpr size_t kQueries = kSingleQueries;

  /// For vectors of so many components and at most so many queries.
  KeyQuads(size_t length, size_t queries, Workspace& workspace)
      : length_(length),
        steps_(padded16(length) / 16),
        laid_(length <= kQuadLength && queries >= kFewest ? workspace.take<float>(kTileKeys * 16 * steps_)
                                                          : nullptr) {}

  /// Whether it pays to lay so many keys of a tile for so many queries.
  bool pay(size_t keys, size_t queries) const {
    return kQuadLength > 0 && laid_ != nullptr && queries >= kFewest && 4 * keys > 3 * kTileKeys;
  }

  /// Keys of a tile, with zeros in place of those that are missing.
  void lay(const float* const* keys, size_t count) {
    float* to = laid_;
    for (size_t group = 0; group < kTileKeys / 4; group += kQuadGroups) {
      const size_t first = group / 4 * 16 + group % 4;
      for (size_t half = 0; half < 2; half++) {
        for (size_t at = 4 * half; at < 16 * steps_; at += 8) {
          for (size_t n = 0; n < kQuadGroups; n++, to += 16) store16(to, quad(keys, first + n, count, at));
        }
      }
    }
  }

  /// Of kQueries queries: out[c·kTileKeys + r].
  void dots(const float* const* queries, float* out) const {
    const float* keys = laid_;
    const size_t half = kQuadGroups * 16 * 2 * steps_;
    for (size_t first = 0; first < kTileKeys; first += 16) {
      Single16 all[kQueries][4];
      HOPFIELD_UNROLL(4)
      for (size_t g = 0; g < 4; g += kQuadGroups, keys += 2 * half) {
        Sums sums, others;
        add_products(keys, queries, 0, sums);
        add_products(keys + half, queries, 4, others);
        HOPFIELD_UNROLL(8)
        for (size_t c = 0; c < kQueries; c++) {
          HOPFIELD_UNROLL(4)
          for (size_t n = 0; n < kQuadGroups; n++) all[c][g + n] = add16(sums[c][n], others[c][n]);
        }
      }
      HOPFIELD_UNROLL(8)
      for (size_t c = 0; c < kQueries; c++) store16(out + c * kTileKeys + first, fold_quads(all[c]));
    }
  }

 private:
  /// Fewer queries do not make up for the laying.
  static constexpr size_t kFewest = 12;
  using Sums = Single16[kQueries][kQuadGroups];

  /// Components `at` to `at` + 3 of keys r, r + 4, r + 8 and r + 12.
  Single16 quad(const float* const* keys, size_t r, size_t count, size_t at) const {
    if (r + 12 < count && at + 4 <= length_)
      return rows16(keys[r] + at, keys[r + 4] + at, keys[r + 8] + at, keys[r + 12] + at);
    float some[16] = {};
    for (size_t m = 0; m < 4 && r + 4 * m < count; m++) {
      for (size_t i = at; i < at + 4 && i < length_; i++) some[4 * m + i - at] = keys[r + 4 * m][i];
    }
    return load16(some);
  }

  /// Sums of lanes `at` to `at` + 3 of dot16, each with the one eight lanes further on.
  HOPFIELD_INLINE void add_products(const float* keys, const float* const* queries, size_t at,
                                    Sums& sums) const {
    Sums others;
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) {
      HOPFIELD_UNROLL(4)
      for (size_t n = 0; n < kQuadGroups; n++) sums[c][n] = others[c][n] = zero16();
    }
    for (size_t k = at; k < 16 * steps_; k += 16, keys += 2 * kQuadGroups * 16) {
      add_four(keys, queries, k, sums);
      add_four(keys + kQuadGroups * 16, queries, k + 8, others);
    }
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) {
      HOPFIELD_UNROLL(4)
      for (size_t n = 0; n < kQuadGroups; n++) sums[c][n] = add16(sums[c][n], others[c][n]);
    }
  }

  /// Products of four components.
  static HOPFIELD_INLINE void add_four(const float* keys, const float* const* queries, size_t at,
                                       Sums& sums) {
    Single16 x[kQuadGroups];
    HOPFIELD_UNROLL(4)
    for (size_t n = 0; n < kQuadGroups; n++) x[n] = kept16(load16(keys + 16 * n));
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) {
      const Single16 y = repeated16(queries[c] + at);
      HOPFIELD_UNROLL(4)
      for (size_t n = 0; n < kQuadGroups; n++) sums[c][n] = fused16(x[n], y, sums[c][n]);
    }
  }

  const size_t length_, steps_;
  /// Sixteen keys after sixteen: of kQuadGroups fours of them components 0 to 3 and 8 to 11 of each sixteen,
  /// then 4 to 7 and 12 to 15.
  float* const laid_;
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_KEY_QUADS_H_
