// Graded neurons (Hopfield 1984), the mirror of src/kernels/reference/graded.ts. Several integrations go
// side by side: some rows of J are read from memory once and used for all of them from the cache. Each is as
// it would be alone. No product is fused with a sum: both factors are f64.
#ifndef HOPFIELD_KERNELS_GRADED_NETWORK_H_
#define HOPFIELD_KERNELS_GRADED_NETWORK_H_

#include "core/graded.h"
#include "flag.h"
#include "kernels/real.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// u, and what follows from it: rows of a stride each, zeros after the N-th number.
struct GradedPoint {
  double* u;
  double* v;
  double* field;  ///< J V
  double* slope;  ///< du/dt
};

/// kRows rows of J times kStates outputs, from row i on.
template <size_t kRows, size_t kStates>
static inline void graded_dots(const double* weights, size_t stride, size_t i,
                               const GradedPoint* const* points) {
  Real8 sums[kRows * kStates];
  HOPFIELD_UNROLL(24)
  for (size_t n = 0; n < kRows * kStates; n++) sums[n] = zero8();
  const double* rows = weights + i * stride;
  for (size_t k = 0; k < stride; k += 8) {
    Real8 v[kStates];
    HOPFIELD_UNROLL(6)
    for (size_t b = 0; b < kStates; b++) v[b] = load8(points[b]->v + k);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRows; r++) {
      const Real8 w = load8(rows + r * stride + k);
      HOPFIELD_UNROLL(6)
      for (size_t b = 0; b < kStates; b++) sums[b * kRows + r] = add8(sums[b * kRows + r], mul8(w, v[b]));
    }
  }
  for (size_t b = 0; b < kStates; b++) fold_all<kRows>(sums + b * kRows, points[b]->field + i);
}

/// The same for `height` rows.
template <size_t kRows, size_t kStates>
static void graded_rows(const double* weights, size_t stride, size_t from, size_t height,
                        const GradedPoint* const* points) {
  size_t i = from;
  for (; i + kRows <= from + height; i += kRows) graded_dots<kRows, kStates>(weights, stride, i, points);
  for (; i < from + height; i++) graded_dots<1, kStates>(weights, stride, i, points);
}

/// x ln x, and 0 at 0.
static double entropy(double x) { return x == 0 ? 0 : x * log_of(x); }

/// What all integrations of a call share.
struct Graded {
  /// Rows of J that all points of a call are held against before the next are read.
  static constexpr size_t kRowsHeld = 16;

  const GradedNetwork& network;
  const size_t stride;
  double* external;  ///< padded, or null
  double* side;      ///< of connected neurons the outputs of eight points, side by side; else null

  Graded(const GradedNetwork& of, Workspace& workspace)
      : network(of), stride(padded_stride(of.neurons)), external(nullptr), side(nullptr) {
    if (of.starts != nullptr) {
      side = workspace.take<double>(of.neurons * 8);
      memset(side, 0, of.neurons * 8 * sizeof(double));
    }
    if (of.external_field == nullptr) return;
    external = row(workspace);
    memcpy(external, of.external_field, of.neurons * sizeof(double));
  }

  double* row(Workspace& workspace) const {
    double* values = workspace.take<double>(stride);
    memset(values, 0, stride * sizeof(double));
    return values;
  }

  GradedPoint point(Workspace& workspace) const {
    return {row(workspace), row(workspace), row(workspace), row(workspace)};
  }

  void outputs(const GradedPoint& at) const {
    const Real8 gain = broadcast8(network.gain);
    const bool odd = network.activation == Activation::kTanh;
    for (size_t k = 0; k < stride; k += 8) {
      const Real8 x = mul8(gain, load8(at.u + k));
      store8(at.v + k, odd ? tanh8(x) : logistic8(x));
    }
    for (size_t i = network.neurons; i < stride; i++) at.v[i] = 0;
  }

  void fields(const GradedPoint* const* points, size_t count) const {
    if (network.starts != nullptr) {
      for (size_t b = 0; b < count; b += 8) connected_fields(points + b, smaller(count - b, 8));
      return;
    }
    const double* weights = network.weights;
    for (size_t i = 0; i < network.neurons; i += kRowsHeld) {
      heed_flag();
      const size_t height = smaller(network.neurons - i, kRowsHeld);
      size_t b = 0;
      for (; b + kQueriesTogether <= count; b += kQueriesTogether) {
        graded_rows<kKeysTogether, kQueriesTogether>(weights, stride, i, height, points + b);
      }
      for (; b < count; b++) graded_rows<kKeysAlone, 1>(weights, stride, i, height, points + b);
    }
  }

  /// Of up to eight points: the sum of each in a lane of its own, so that a connection is read once.
  void connected_fields(const GradedPoint* const* points, size_t lanes) const {
    const size_t neurons = network.neurons;
    for (size_t lane = 0; lane < lanes; lane++) {
      for (size_t j = 0; j < neurons; j++) side[j * 8 + lane] = points[lane]->v[j];
    }
    alignas(64) double fields[8];
    for (size_t i = 0; i < neurons; i++) {
      if (i % kRowsHeld == 0) heed_flag();
      const size_t from = network.starts[i], length = network.starts[i + 1] - from;
      store8(fields, connected_dots(network.weights + from, network.sources + from, length));
      for (size_t lane = 0; lane < lanes; lane++) points[lane]->field[i] = fields[lane];
    }
  }

  Real8 connected_dots(const double* weights, const uint32_t* sources, size_t length) const {
    Real8 sums[8];
    HOPFIELD_UNROLL(8)
    for (size_t a = 0; a < 8; a++) sums[a] = zero8();
    size_t k = 0;
    for (; k + 8 <= length; k += 8) {
      HOPFIELD_UNROLL(8)
      for (size_t a = 0; a < 8; a++) {
        sums[a] = add8(sums[a], mul8(broadcast8(weights[k + a]), load8(side + sources[k + a] * size_t{8})));
      }
    }
    for (size_t a = 0; k + a < length; a++) {
      sums[a] = add8(sums[a], mul8(broadcast8(weights[k + a]), load8(side + sources[k + a] * size_t{8})));
    }
    const Real8 even = add8(add8(sums[0], sums[4]), add8(sums[2], sums[6]));
    return add8(even, add8(add8(sums[1], sums[5]), add8(sums[3], sums[7])));
  }

  void evaluate(const GradedPoint* const* points, size_t count) const {
    if (count == 0) return;
    for (size_t b = 0; b < count; b++) outputs(*points[b]);
    fields(points, count);
    const Real8 rate = broadcast8(network.rate);
    for (size_t b = 0; b < count; b++) {
      const GradedPoint& at = *points[b];
      for (size_t k = 0; k < stride; k += 8) {
        Real8 driven = load8(at.field + k);
        if (external != nullptr) driven = add8(driven, load8(external + k));
        store8(at.slope + k, sub8(driven, mul8(load8(at.u + k), rate)));
      }
    }
  }

  double energy(const double* v, const double* field) const {
    const bool odd = network.activation == Activation::kTanh;
    alignas(64) double leak[8] = {};
    for (size_t i = 0; i < network.neurons; i++) {
      leak[i % 8] += odd ? 0.5 * (entropy(1 + v[i]) + entropy(1 - v[i]))
                         : entropy(v[i]) + entropy(1 - v[i]) + 0.6931471805599453;
    }
    const double quadratic = dot8(v, field, stride);
    const double inner = fold8(load8(leak)) * (network.rate / network.gain) - 0.5 * quadratic;
    return external == nullptr ? inner : inner - dot8(external, v, stride);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_GRADED_NETWORK_H_
