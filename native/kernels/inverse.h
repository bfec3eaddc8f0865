// The inverse of the overlaps of patterns, which grows and shrinks by one of them: the mirror of
// src/kernels/reference/inverse.ts. While the inverse takes pattern p in, it is multiplied by the overlaps
// of pattern p + 1, in one pass over one triangle (symmetric.h).
#ifndef HOPFIELD_KERNELS_INVERSE_H_
#define HOPFIELD_KERNELS_INVERSE_H_

#include "flag.h"
#include "kernels/exact_dots.h"
#include "kernels/real.h"
#include "kernels/symmetric.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// A_μν += (u_μ·u_ν)·share. No product of two reals is fused.
struct RankOneChange {
  static constexpr bool kChanges = true, kHollow = false;
  const double* u;
  double share;

  struct Row {
    Real8 u;
  };
  struct Columns {
    Real8 u;
  };
  Row row(size_t i) const { return {broadcast8(u[i])}; }
  Columns columns(size_t j) const { return {load8(u + j)}; }
  Real8 apply(const Row& row, const Columns& columns, const Real8& m) const {
    return add8(m, mul8(mul8(row.u, columns.u), broadcast8(share)));
  }
  static Real8 add_product(const Real8& m, const Real8& x, const Real8& sum) {
    return Unchanged<false>::add_product(m, x, sum);
  }
};

static size_t border(const uint32_t* rows, size_t known, size_t count, size_t neurons, double tolerance,
                     double* inverse, size_t stride, double* coefficients) {
  if (count == 0) return 0;
  Workspace workspace;
  const size_t all = known + count, padded = padded_stride(all);
  const size_t words = row_words(neurons);
  int32_t* whole = workspace.take<int32_t>(all);
  double* c = workspace.take<double>(padded);
  double* u = workspace.take<double>(padded);
  double* sums = workspace.take<double>(padded * 8);
  memset(c, 0, padded * sizeof(double));
  memset(sums, 0, padded * 8 * sizeof(double));
  const double n = static_cast<double>(neurons);
  double share = 0;
  for (size_t p = known;; p++) {
    const RankOneChange change{u, share};
    if (p < all) {
      row_overlaps(rows, p, neurons, rows + p * words, whole);
      for (size_t mu = 0; mu < p; mu++) c[mu] = whole[mu];
      if (p == known) {
        symmetric_pass<true>(inverse, stride, p, Unchanged<false>{}, c, sums);
      } else {
        symmetric_pass<true>(inverse, stride, p, change, c, sums);
      }
    } else {
      symmetric_pass<false>(inverse, stride, p, change, nullptr, sums);
      mirror(inverse, stride, p);
      return count;
    }
    fold_symmetric(sums, p, u);
    const double rest = n - dot8(u, c, padded_stride(p));
    if (!(rest > tolerance * n)) {
      memcpy(coefficients, u, p * sizeof(double));
      mirror(inverse, stride, p);
      return p - known;
    }
    for (size_t k = p + 1; k < padded_stride(p + 1); k++) u[k] = 0;
    u[p] = -1;
    share = 1 / rest;
  }
}

static void retire(double* inverse, size_t stride, size_t count, size_t index) {
  Workspace workspace;
  const size_t left = count - 1, after = (left - index) * sizeof(double);
  double* d = workspace.take<double>(padded_stride(count));
  memcpy(d, inverse + index * stride, count * sizeof(double));
  const double share = 1 / d[index];
  memmove(d + index, d + index + 1, after);
  const Real8 by = broadcast8(share);
  for (size_t i = 0; i < left; i++) {
    const double* from = inverse + (i < index ? i : i + 1) * stride;
    double* to = inverse + i * stride;
    // Rows only ever move up, columns to the left.
    memmove(to, from, index * sizeof(double));
    memmove(to + index, from + index + 1, after);
    to[left] = 0;
    const Real8 di = broadcast8(d[i]);
    size_t j = 0;
    for (; j + 8 <= left; j += 8) store8(to + j, sub8(load8(to + j), mul8(mul8(di, load8(d + j)), by)));
    for (; j < left; j++) to[j] -= d[i] * d[j] * share;
  }
  memset(inverse + left * stride, 0, count * sizeof(double));
}

/// B = A Ξ for whole numbers, sixteen rows of A at a time: sums of four columns of A, one for each of the
/// sixteen ways of adding and subtracting them, are found by the bits of a neuron instead of being added
/// anew.
struct Responses {
  static constexpr size_t kWide = 16, kNeurons = 2048, kGroups = 16;

  double* tables;  ///< kGroups × 16 × kWide
  double* panel;   ///< kNeurons × kWide
  double* spins;   ///< 256 × 8, those of a byte

  Responses(size_t neurons, Workspace& workspace)
      : tables(workspace.take<double>(kGroups * 16 * kWide)),
        panel(workspace.take<double>((smaller(neurons, kNeurons)) * kWide)),
        spins(workspace.take<double>(256 * 8)) {
    for (uint32_t byte = 0; byte < 256; byte++) spins_of(&byte, 8, spins + byte * 8);
  }

  /// Of rows mu…mu + wide and the patterns from 64·word on.
  HOPFIELD_NOINLINE void fill(const double* matrix, size_t stride, size_t count, size_t mu, size_t wide,
                              size_t word) {
    for (size_t group = 0; group < kGroups; group++) {
      double* table = tables + group * 16 * kWide;
      alignas(64) double columns[4][kWide] = {};
      for (size_t b = 0; b < 4; b++) {
        const size_t nu = word * 64 + group * 4 + b;
        if (nu >= count) break;
        for (size_t l = 0; l < wide; l++) columns[b][l] = matrix[(mu + l) * stride + nu];
      }
      for (size_t l = 0; l < kWide; l += 8) {
        const Real8 a = load8(columns[0] + l), b = load8(columns[1] + l), c = load8(columns[2] + l),
                    d = load8(columns[3] + l);
        const Real8 low[4] = {sub8(sub8(zero8(), a), b), sub8(a, b), sub8(b, a), add8(a, b)};
        const Real8 high[4] = {sub8(sub8(zero8(), c), d), sub8(c, d), sub8(d, c), add8(c, d)};
        for (size_t k = 0; k < 16; k++) store8(table + k * kWide + l, add8(low[k % 4], high[k / 4]));
      }
    }
  }

  /// To the sums of `block` neurons, whose bits are a word of each column.
  HOPFIELD_NOINLINE void add(const uint32_t* columns, size_t height, size_t block) const {
    double* to = panel;
    for (size_t n = 0; n < block; n++, to += kWide) {
      const uint64_t bits = load64(columns + n * height);
      const double* table = tables;
      Real8 first = load8(to), second = load8(to + 8);
      for (size_t group = 0; group < kGroups; group++, table += 16 * kWide) {
        const double* entry = table + ((bits >> (4 * group)) & 15) * kWide;
        first = add8(first, load8(entry));
        second = add8(second, load8(entry + 8));
      }
      store8(to, first);
      store8(to + 8, second);
    }
  }
};

static void responses(const double* matrix, size_t stride, const uint32_t* columns, size_t count,
                      size_t neurons, double* out, double* diagonal) {
  Workspace workspace;
  Responses some(neurons, workspace);
  const size_t height = column_words(count), width = padded_stride(count);
  if (diagonal != nullptr) memset(diagonal, 0, neurons * sizeof(double));
  for (size_t from = 0; from < neurons; from += Responses::kNeurons) {
    const size_t block = smaller(neurons - from, Responses::kNeurons);
    for (size_t mu = 0; mu < count; mu += Responses::kWide) {
      heed_flag();
      const size_t wide = smaller(count - mu, Responses::kWide);
      memset(some.panel, 0, block * Responses::kWide * sizeof(double));
      for (size_t word = 0; word < height / 2; word++) {
        some.fill(matrix, stride, count, mu, wide, word);
        some.add(columns + from * height + word * 2, height, block);
      }
      const size_t padded = smaller(width - mu, Responses::kWide);
      for (size_t n = 0; n < block; n++) {
        const double* values = some.panel + n * Responses::kWide;
        if (out != nullptr) memcpy(out + (from + n) * width + mu, values, padded * sizeof(double));
        if (diagonal == nullptr) continue;
        const uint32_t bits = columns[(from + n) * height + mu / 32] >> (mu % 32);
        const Real8 first = mul8(load8(values), load8(some.spins + (bits & 255) * 8));
        diagonal[from + n] +=
            fold8(fma8(load8(values + 8), load8(some.spins + (bits >> 8 & 255) * 8), first));
      }
    }
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_INVERSE_H_
