// Sums of the values of a tile by the weights of many queries, in f32.
#ifndef HOPFIELD_KERNELS_RETRIEVAL_TILE_SUMS_H_
#define HOPFIELD_KERNELS_RETRIEVAL_TILE_SUMS_H_

#include "kernels/retrieval/key_dots.h"
#include "kernels/retrieval/key_weights.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Some columns of a tile's values. What a block of queries sums is kept, and added to what there is in f64
/// while the next block is summed: alone, it would take as long as an eighth of the products.
template <size_t kColumns>
class TileSums {
 public:
  /// Of `count` keys: their values in these columns, side by side, and the first query's row of weights.
  TileSums(const float* values, size_t count, const float* weights)
      : values_(values), count_(count), weights_(weights) {}

  /// Adds to `sums`, `width` from one query to the next.
  void add_to(double* sums, size_t width, size_t queries) {
    width_ = width;
    size_t c = 0;
    for (; c + Singles::kReaders <= queries; c += Singles::kReaders)
      sum<Singles::kReaders>(weights_ + c * kWeightRow, sums + c * width);
    if constexpr (Singles::kReaders > 2) {
      for (; c + 2 <= queries; c += 2) sum<2>(weights_ + c * kWeightRow, sums + c * width);
    }
    for (; c < queries; c++) sum<1>(weights_ + c * kWeightRow, sums + c * width);
    add_rows(rows_);
  }

 private:
  /// Numbers of f64 that a query has in these columns, in eights.
  static constexpr size_t kEights = 2 * kColumns;

  template <size_t kQueries>
  void sum(const float* weights, double* to) {
    Singles::Lanes sums[kQueries][kColumns];
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kQueries; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) sums[q][k] = Singles::zero();
    }
    // With each key eight of the numbers that are kept: whole rows.
    const size_t rows = rows_ * kEights <= count_ ? rows_ : count_ / kEights;
    const float* values = values_;
    const float* from = from_;
    double* into = to_;
    for (size_t row = 0; row < rows; row++, into += width_ - 16 * kColumns) {
      for (size_t k = 0; k < kEights; k++, values += 16 * kColumns, weights++, from += 8, into += 8) {
        add_products<kQueries>(values, weights, sums);
        store8(into, add8(load8(into), widen8(from)));
      }
    }
    from_ = from;
    to_ = into;
    add_rows(rows_ - rows);
    for (size_t r = rows * kEights; r < count_; r++, values += 16 * kColumns, weights++)
      add_products<kQueries>(values, weights, sums);
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kQueries; q++) {
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) Singles::put(kept_ + 16 * (q * kColumns + k), sums[q][k]);
    }
    from_ = kept_;
    to_ = to;
    rows_ = kQueries;
  }

  /// Of one key.
  template <size_t kQueries>
  static HOPFIELD_INLINE void add_products(const float* values, const float* weights,
                                           Singles::Lanes (&sums)[kQueries][kColumns]) {
    Singles::Lanes x[kColumns];
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kColumns; k++) x[k] = Singles::key(values + 16 * k);
    HOPFIELD_UNROLL(8)
    for (size_t q = 0; q < kQueries; q++) {
      const Singles::Lanes weight = Singles::weight(weights + q * kWeightRow);
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kColumns; k++) sums[q][k] = Singles::add_product(x[k], weight, sums[q][k]);
    }
  }

  void add_rows(size_t rows) {
    for (size_t row = 0; row < rows; row++, from_ += 16 * kColumns, to_ += width_) {
      for (size_t k = 0; k < 16 * kColumns; k += 8) store8(to_ + k, add8(load8(to_ + k), widen8(from_ + k)));
    }
  }

  const float* const values_;
  const size_t count_;
  const float* const weights_;
  size_t width_ = 0;
  alignas(64) float kept_[Singles::kReaders * kColumns * 16];
  size_t rows_ = 0;  ///< a row a query: those that have not been added yet
  const float* from_ = nullptr;
  double* to_ = nullptr;
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RETRIEVAL_TILE_SUMS_H_
