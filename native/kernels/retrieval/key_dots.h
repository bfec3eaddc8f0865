// Dot products of f32 vectors in f64: the product of two f32 values is exact, so it may be fused with the
// addition.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_

#include "core/keys.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

constexpr size_t kTileKeys = 64;

static inline size_t padded8(size_t n) { return (n + 7) / 8 * 8; }

/// out[c·outs + r] = dot8(keys[r], queries[c]); queries are f64 and padded with zeros to whole eights.
/// `ahead` floats behind each key the next ones are asked for, where keys follow one another.
template <size_t kKeys, size_t kQueries, bool kFollow = false>
static inline void dots(const float* const* keys, const double* const* queries, size_t length, double* out,
                        size_t outs, size_t ahead = 0) {
  Real8 sums[kQueries][kKeys];
  HOPFIELD_UNROLL(8)
  for (size_t c = 0; c < kQueries; c++) {
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeys; r++) sums[c][r] = zero8();
  }
  const size_t whole = length / 8 * 8;
  for (size_t k = 0; k < whole; k += 8) {
    Real8 x[kKeys];
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeys; r++) {
      x[r] = widen8(keys[r] + k);
      if (kFollow) prefetch_line(keys[r] + k + ahead);
    }
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) {
      const Real8 q = load8(queries[c] + k);
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kKeys; r++) sums[c][r] = fma8(x[r], q, sums[c][r]);
    }
  }
  if (whole < length) {
    HOPFIELD_UNROLL(8)
    for (size_t c = 0; c < kQueries; c++) {
      const Real8 q = load8(queries[c] + whole);
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kKeys; r++) {
        sums[c][r] = fma8(widen_some(keys[r] + whole, length - whole), q, sums[c][r]);
      }
    }
  }
  HOPFIELD_UNROLL(8)
  for (size_t c = 0; c < kQueries; c++) fold_all<kKeys>(sums[c], out + c * outs);
}

/// Whole groups of keys, far enough for the memory to answer: eight kilobytes at least.
static inline size_t floats_ahead(size_t length) {
  const size_t group = kKeysAlone * length;
  return (2047 / group + 1) * group;
}

/// Of any number of keys, one behind the other, with one query.
static void dots_of_one(const float* const* keys, size_t count, const double* query, size_t length,
                        double* out) {
  const double* const queries[1] = {query};
  size_t r = 0;
  for (; r + kKeysAlone <= count; r += kKeysAlone)
    dots<kKeysAlone, 1, true>(keys + r, queries, length, out + r, 0, floats_ahead(length));
  for (; r < count; r++) dots<1, 1>(keys + r, queries, length, out + r, 0);
}

/// Of those keys of an array that `keys` names.
static void dots_of_keys(const float* rows, size_t length, const uint32_t* keys, size_t count,
                         const double* query, double* out) {
  const double* const queries[1] = {query};
  const float* row[kKeysAlone];
  size_t k = 0;
  for (; k + kKeysAlone <= count; k += kKeysAlone) {
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kKeysAlone; r++) row[r] = rows + keys[k + r] * length;
    dots<kKeysAlone, 1>(row, queries, length, out + k, 0);
  }
  for (; k < count; k++) {
    row[0] = rows + keys[k] * length;
    dots<1, 1>(row, queries, length, out + k, 0);
  }
}

/// Of some keys with some queries: out[c·kTileKeys + r].
static void dots_of_many(const float* const* keys, size_t count, const double* const* queries,
                         size_t query_count, size_t length, double* out) {
  size_t c = 0;
  for (; c + kQueriesTogether <= query_count; c += kQueriesTogether) {
    size_t r = 0;
    for (; r + kKeysTogether <= count; r += kKeysTogether) {
      dots<kKeysTogether, kQueriesTogether>(keys + r, queries + c, length, out + c * kTileKeys + r,
                                            kTileKeys);
    }
    for (; r < count; r++) {
      dots<1, kQueriesTogether>(keys + r, queries + c, length, out + c * kTileKeys + r, kTileKeys);
    }
  }
  for (; c < query_count; c++) dots_of_one(keys, count, queries[c], length, out + c * kTileKeys);
}

/// As f64, with zeros up to whole eights.
static inline void widen_row(const float* from, size_t length, double* to) {
  for (size_t k = 0; k < length; k++) to[k] = from[k];
  for (size_t k = length; k < padded8(length); k++) to[k] = 0;
}

static void key_norms(const float* keys, size_t count, size_t dimension, double* norms) {
  Workspace workspace;
  double* row = workspace.take<double>(padded8(dimension));
  for (size_t mu = 0; mu < count; mu++) {
    const float* const key[1] = {keys + mu * dimension};
    widen_row(key[0], dimension, row);
    const double* const query[1] = {row};
    dots<1, 1>(key, query, dimension, norms + mu, 0);
    norms[mu] = sqrt(norms[mu]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_KEY_DOTS_H_
