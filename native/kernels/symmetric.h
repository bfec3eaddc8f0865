// One pass over a symmetric matrix M, which is changed on the way and then multiplied by x: what memory takes
// longest to bring and to take back is used for both. Only tiles of 8 × 8 on and below the diagonal are read
// and written, so half of it is. A tile serves row i's sum Σ_k M_ik x_k and, as what the other triangle holds
// there, column k's sum Σ_i M_ik x_i. Both are dot8's: sums[t·64 + a·8 + l] is accumulator a of row 8t + l,
// element k goes to accumulator k mod 8, and rows come in ascending order.
#ifndef HOPFIELD_KERNELS_SYMMETRIC_H_
#define HOPFIELD_KERNELS_SYMMETRIC_H_

#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// How many rows of a tile go together.
constexpr size_t kSymmetricRows = kKeysAlone;

/// The rows from `i` on, kRows of the same tile. A Change says what happens to an element; kSums, whether
/// there is an x.
template <size_t kRows, bool kSums, class Change>
static inline void symmetric_rows(double* matrix, size_t stride, size_t i, const Change& change,
                                  const double* x, double* sums) {
  const size_t own = i / 8 * 8;
  typename Change::Row rows[kRows];
  Real8 sum[kRows], factor[kRows];
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < kRows; r++) {
    rows[r] = change.row(i + r);
    sum[r] = zero8();
    if (kSums) factor[r] = broadcast8(x[i + r]);
  }
  double* to = matrix + i * stride;
  for (size_t j = 0; j < own; j += 8) {
    const typename Change::Columns columns = change.columns(j);
    const Real8 xj = kSums ? load8(x + j) : zero8();
    double* column_sums = sums + j * 8 + i % 8 * 8;
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRows; r++) {
      Real8 m = load8(to + r * stride + j);
      if (Change::kChanges) {
        m = change.apply(rows[r], columns, m);
        store8(to + r * stride + j, m);
      }
      if (kSums) {
        sum[r] = Change::add_product(m, xj, sum[r]);
        store8(column_sums + r * 8, Change::add_product(m, factor[r], load8(column_sums + r * 8)));
      }
    }
  }
  const typename Change::Columns columns = change.columns(own);
  // Unrolled like the others: an index that is not a constant would keep all sums in memory.
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < kRows; r++) {
    if (Change::kChanges) {
      store8(to + r * stride + own, change.apply(rows[r], columns, load8(to + r * stride + own)));
      if (Change::kHollow) to[r * stride + i + r] = 0;
    }
    if (!kSums) continue;
    alignas(64) double lanes[8];
    store8(lanes, Change::add_product(load8(to + r * stride + own), load8(x + own), sum[r]));
    for (size_t a = 0; a < 8; a++) sums[own * 8 + a * 8 + i % 8 + r] = lanes[a];
  }
}

/// All of `size` rows. `x` is padded to whole tiles by zeros; `sums` is 8 × `x`.
template <bool kSums, class Change>
static void symmetric_pass(double* matrix, size_t stride, size_t size, const Change& change, const double* x,
                           double* sums) {
  size_t i = 0;
  for (; i + kSymmetricRows <= size; i += kSymmetricRows) {
    heed_flag();
    symmetric_rows<kSymmetricRows, kSums>(matrix, stride, i, change, x, sums);
  }
  for (; i < size; i++) symmetric_rows<1, kSums>(matrix, stride, i, change, x, sums);
}

/// The sums folded as dot8 folds them, into `size` numbers and zeros after them to the end of the tile.
static void fold_symmetric(const double* sums, size_t size, double* out) {
  for (size_t j = 0; j < size; j += 8) {
    const double* a = sums + j * 8;
    const Real8 even = add8(add8(load8(a), load8(a + 32)), add8(load8(a + 16), load8(a + 48)));
    const Real8 odd = add8(add8(load8(a + 8), load8(a + 40)), add8(load8(a + 24), load8(a + 56)));
    store8(out + j, add8(even, odd));
  }
  for (size_t k = size; k % 8 != 0; k++) out[k] = 0;
}

/// The tiles above the diagonal, from those below.
static void mirror(double* matrix, size_t stride, size_t size) {
  for (size_t i = 8; i < size; i += 8) {
    heed_flag();
    const size_t height = smaller(size - i, 8);
    for (size_t j = 0; j < i; j += 8) {
      for (size_t c = 0; c < 8; c++) {
        double* to = matrix + (j + c) * stride + i;
        for (size_t r = 0; r < height; r++) to[r] = matrix[(i + r) * stride + j + c];
      }
    }
  }
}

/// Leaves the matrix as it is.
template <bool kExact>
struct Unchanged {
  static constexpr bool kChanges = false, kHollow = false;
  struct Row {};
  struct Columns {};
  Row row(size_t) const { return {}; }
  Columns columns(size_t) const { return {}; }
  Real8 apply(const Row&, const Columns&, const Real8& m) const { return m; }
  /// kExact says that x is ±1 or 0.
  static Real8 add_product(const Real8& m, const Real8& x, const Real8& sum) {
    return kExact ? fma8(m, x, sum) : add8(sum, mul8(m, x));
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SYMMETRIC_H_
