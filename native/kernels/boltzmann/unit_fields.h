// What units of a restricted Boltzmann machine feel. Rows of weights that count are added up, a tile of
// columns at a time; the other way, rows of weights are multiplied with hidden rows.
#ifndef HOPFIELD_KERNELS_BOLTZMANN_UNIT_FIELDS_H_
#define HOPFIELD_KERNELS_BOLTZMANN_UNIT_FIELDS_H_

#include "core/boltzmann.h"
#include "flag.h"
#include "simd/simd.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// Some rows of a matrix, ascending, each with what it is multiplied by.
struct Terms {
  const uint32_t* rows;
  const float* factors;
  size_t count;
  bool ones;  ///< whether all factors are 1
};

/// sums[0…kRegisters) += factor·row, from column `matrix` on.
template <bool kOnes, size_t kRegisters>
static inline void add_terms(const float* matrix, size_t stride, const Terms& terms, Single16* sums) {
  for (size_t e = 0; e < terms.count; e++) {
    const float* row = matrix + terms.rows[e] * stride;
    const Single16 factor = broadcast16(terms.factors[e]);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRegisters; r++) {
      const Single16 x = load16(row + 16 * r);
      sums[r] = add16(sums[r], kOnes ? x : mul16(factor, x));
    }
  }
}

/// The same in memory, for up to kTile registers.
template <size_t kRegisters>
static void add_tile(const float* matrix, size_t stride, const Terms& terms, size_t registers, float* out) {
  if constexpr (kRegisters > 1) {
    if (registers < kRegisters) return add_tile<kRegisters - 1>(matrix, stride, terms, registers, out);
  }
  Single16 sums[kRegisters];
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < kRegisters; r++) sums[r] = load16(out + 16 * r);
  if (terms.ones) {
    add_terms<true, kRegisters>(matrix, stride, terms, sums);
  } else {
    add_terms<false, kRegisters>(matrix, stride, terms, sums);
  }
  HOPFIELD_UNROLL(8)
  for (size_t r = 0; r < kRegisters; r++) store16(out + 16 * r, sums[r]);
}

/// Whether products with all of these numbers are exact: 0, 1 and −1; and how many are not 0.
struct Census {
  bool exact;
  size_t active;
};

static inline Census census_of(const float* values, size_t count) {
  uint32_t odd = 0, active = 0;
  for (size_t k = 0; k < count; k++) {
    const float x = values[k];
    active += x != 0;
    odd += (x != 0) & (x != 1) & (x != -1);
  }
  return {odd == 0, active};
}

/// Where so many units are not 0, all are multiplied, and nobody looks which.
static inline bool is_dense(const MachineShape& shape, const Census& census, size_t count) {
  return census.exact && shape.hidden_kind != UnitKind::kGaussian && 3 * census.active > count;
}

/// Units of visible rows that are not 0.
class ActiveUnits {
 public:
  ActiveUnits(size_t width, size_t most, Workspace& workspace)
      : width_(width),
        units_(workspace.take<uint32_t>(width * most)),
        values_(workspace.take<float>(width * most)),
        counts_(workspace.take<size_t>(most)),
        next_(workspace.take<size_t>(most)),
        ones_(workspace.take<bool>(most)) {}

  void list(const float* rows, size_t count) {
    for (size_t b = 0; b < count; b++) {
      const float* row = rows + b * width_;
      uint32_t* units = units_ + b * width_;
      float* values = values_ + b * width_;
      size_t found = 0;
      bool ones = true;
      for (size_t i = 0; i < width_; i++) {
        const float v = row[i];
        units[found] = static_cast<uint32_t>(i);
        values[found] = v;
        const bool counts = v != 0;
        found += counts;
        ones &= !counts || v == 1;
      }
      counts_[b] = found;
      ones_[b] = ones;
    }
  }
  void restart(size_t count) {
    for (size_t b = 0; b < count; b++) next_[b] = 0;
  }
  /// The units of row b before `end` that were not asked for yet.
  Terms before(size_t b, size_t end) {
    const size_t from = next_[b];
    const uint32_t* units = units_ + b * width_;
    size_t to = from;
    while (to < counts_[b] && units[to] < end) to++;
    next_[b] = to;
    return {units + from, values_ + b * width_ + from, to - from, ones_[b]};
  }
  Terms all(size_t b) const { return {units_ + b * width_, values_ + b * width_, counts_[b], ones_[b]}; }

 private:
  size_t width_;
  uint32_t* units_;
  float* values_;
  size_t* counts_;
  size_t* next_;
  bool* ones_;
};

/// sums[c][r] += x_c·y_r, or −=, over `count` terms; products are exact. x_c of term k is x[c·apart +
/// k·step].
template <size_t kFactors, size_t kColumns, bool kLess>
static inline void outer_products(const float* x, size_t apart, size_t step, const float* y, size_t y_step,
                                  size_t count, Single16 (&sums)[kFactors][kColumns]) {
  for (size_t k = 0; k < count; k++) {
    Single16 row[kColumns];
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kColumns; r++) row[r] = load16(y + k * y_step + 16 * r);
    HOPFIELD_UNROLL(4)
    for (size_t c = 0; c < kFactors; c++) {
      const Single16 factor = broadcast16(x[c * apart + k * step]);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < kColumns; r++) {
        sums[c][r] = kLess ? fnma16(factor, row[r], sums[c][r]) : fma16(factor, row[r], sums[c][r]);
      }
    }
  }
}

/// Visible rows whose fields are computed together, and rows of weights that then stay in the first-level
/// cache.
constexpr size_t kRowsTogether = 128, kWeightRows = 64;

/// Some columns of the fields of some rows, all units of which are multiplied.
template <size_t kRows, size_t kColumns>
static void add_dense(const float* visible, size_t width, size_t units, const float* weights, size_t stride,
                      size_t rows, size_t columns, float* out) {
  if constexpr (kRows > 1) {
    if (rows < kRows)
      return add_dense<kRows - 1, kColumns>(visible, width, units, weights, stride, rows, columns, out);
  }
  if constexpr (kColumns > 1) {
    if (columns < kColumns)
      return add_dense<kRows, kColumns - 1>(visible, width, units, weights, stride, rows, columns, out);
  }
  Single16 sums[kRows][kColumns];
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kRows; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kColumns; r++) sums[c][r] = load16(out + c * stride + 16 * r);
  }
  outer_products<kRows, kColumns, false>(visible, width, 1, weights, stride, units, sums);
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kRows; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kColumns; r++) store16(out + c * stride + 16 * r, sums[c][r]);
  }
}

static void dense_fields(const MachineShape& shape, const float* weights, const float* visible, size_t count,
                         float* out) {
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
  for (size_t row = 0; row < width; row += kWeightRows) {
    heed_flag();
    const size_t units = smaller(width - row, kWeightRows);
    for (size_t column = 0; column < stride; column += 16 * kDotRows) {
      const size_t columns = smaller((stride - column) / 16, kDotRows);
      for (size_t b = 0; b < count; b += kDotChains) {
        add_dense<kDotChains, kDotRows>(visible + b * width + row, width, units,
                                        weights + row * stride + column, stride,
                                        smaller(count - b, kDotChains), columns, out + b * stride + column);
      }
    }
  }
}

/// y of `count` visible rows, at most kRowsTogether: rows of hidden_stride numbers.
static void hidden_fields(const MachineShape& shape, const float* weights, const float* biases,
                          const float* visible, const Census& census, ActiveUnits& active, size_t count,
                          float* out) {
  const size_t stride = hidden_stride(shape.hidden);
  for (size_t b = 0; b < count; b++) memcpy(out + b * stride, biases, stride * sizeof(float));
  if (is_dense(shape, census, count * shape.visible)) {
    return dense_fields(shape, weights, visible, count, out);
  }
  active.list(visible, count);
  for (size_t column = 0; column < stride; column += 16 * kTile) {
    const size_t registers = smaller((stride - column) / 16, kTile);
    active.restart(count);
    for (size_t row = 0; row < shape.visible; row += kWeightRows) {
      heed_flag();
      for (size_t b = 0; b < count; b++) {
        const Terms terms = active.before(b, row + kWeightRows);
        if (terms.count == 0) continue;
        add_tile<kTile>(weights + column, stride, terms, registers, out + b * stride + column);
      }
    }
  }
}

/// Products of kRows rows of weights with kChains hidden rows, or with as many as there are.
template <size_t kRows, size_t kChains, bool kExact>
static inline void dots(const float* rows, const float* chains, size_t count, size_t stride,
                        const float* biases, float* out, size_t width) {
  if constexpr (kChains > 1) {
    if (count < kChains) {
      return dots<kRows, kChains - 1, kExact>(rows, chains, count, stride, biases, out, width);
    }
  }
  Single16 sums[kChains][kRows];
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kChains; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kRows; r++) sums[c][r] = zero16();
  }
  for (size_t j = 0; j < stride; j += 16) {
    Single16 row[kRows];
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kRows; r++) row[r] = load16(rows + r * stride + j);
    HOPFIELD_UNROLL(4)
    for (size_t c = 0; c < kChains; c++) {
      const Single16 chain = load16(chains + c * stride + j);
      HOPFIELD_UNROLL(4)
      for (size_t r = 0; r < kRows; r++) {
        sums[c][r] = kExact ? fma16(row[r], chain, sums[c][r]) : add16(sums[c][r], mul16(row[r], chain));
      }
    }
  }
  float folded[kChains][kRows];
  fold_all16<kChains, kRows>(sums, folded);
  HOPFIELD_UNROLL(4)
  for (size_t c = 0; c < kChains; c++) {
    HOPFIELD_UNROLL(4)
    for (size_t r = 0; r < kRows; r++) out[c * width + r] = biases[r] + folded[c][r];
  }
}

template <bool kExact>
static void visible_fields_of(const MachineShape& shape, const float* weights, const float* biases,
                              const float* hidden, size_t count, float* out) {
  constexpr size_t kHeld = 16;
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
  for (size_t first = 0; first < count; first += kHeld) {
    const size_t end = smaller(count, first + kHeld);
    for (size_t i = 0; i < width;) {
      heed_flag(i / kDotRows, 64);
      const bool rows = i + kDotRows <= width;
      const float* from = weights + i * stride;
      for (size_t b = first; b < end; b += kDotChains) {
        const float* chain = hidden + b * stride;
        float* to = out + b * width + i;
        const size_t chains = smaller(end - b, kDotChains);
        if (rows) dots<kDotRows, kDotChains, kExact>(from, chain, chains, stride, biases + i, to, width);
        if (!rows) dots<1, kDotChains, kExact>(from, chain, chains, stride, biases + i, to, width);
      }
      i += rows ? kDotRows : 1;
    }
  }
}

/// x of `count` hidden rows. Products with 0, 1 and −1 are exact.
static void visible_fields(const MachineShape& shape, const float* weights, const float* biases,
                           const float* hidden, size_t count, bool drawn, float* out) {
  if (drawn && shape.hidden_kind != UnitKind::kGaussian) {
    visible_fields_of<true>(shape, weights, biases, hidden, count, out);
  } else {
    visible_fields_of<false>(shape, weights, biases, hidden, count, out);
  }
}

/// y of one visible row in f64. Products of f32 are exact.
static void hidden_fields_of_one(const MachineShape& shape, const float* weights, const float* biases,
                                 const Terms& terms, double* out) {
  const size_t stride = hidden_stride(shape.hidden);
  constexpr size_t kHeld = 4;
  for (size_t column = 0; column < stride; column += 8 * kHeld) {
    const size_t registers = smaller((stride - column) / 8, kHeld);
    Real8 sums[kHeld];
    for (size_t r = 0; r < registers; r++) sums[r] = widen8(biases + column + 8 * r);
    for (size_t e = 0; e < terms.count; e++) {
      const float* row = weights + terms.rows[e] * stride + column;
      const Real8 factor = broadcast8(static_cast<double>(terms.factors[e]));
      if (registers == kHeld) {
        HOPFIELD_UNROLL(4)
        for (size_t r = 0; r < kHeld; r++) sums[r] = fma8(factor, widen8(row + 8 * r), sums[r]);
      } else {
        for (size_t r = 0; r < registers; r++) sums[r] = fma8(factor, widen8(row + 8 * r), sums[r]);
      }
    }
    for (size_t r = 0; r < registers; r++) store8(out + column + 8 * r, sums[r]);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_BOLTZMANN_UNIT_FIELDS_H_
