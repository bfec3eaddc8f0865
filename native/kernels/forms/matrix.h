// J as a matrix of padded rows, of whole or real numbers.
#ifndef HOPFIELD_KERNELS_FORMS_MATRIX_H_
#define HOPFIELD_KERNELS_FORMS_MATRIX_H_

#include "kernels/energy.h"
#include "kernels/exact_dots.h"
#include "kernels/field.h"
#include "kernels/forms/form.h"
#include "kernels/forms/quadratic.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// A symmetric matrix of integers: fields are kept, and a flip moves them by a row. Lane is an unsigned type
/// that holds every field as a signed number.
template <class Lane, class Signed>
struct KeptMatrixForm : PlainForm {
  static constexpr bool kSymmetric = true, kLongCycles = false, kWholeFields = true, kSigns = true;

  const Memory& memory;
  const Update& update;
  Lane* masks;
  Lane* kept;

  KeptMatrixForm(const Memory& of, const Update& by, size_t, Workspace& workspace)
      : memory(of),
        update(by),
        masks(workspace.take<Lane>(of.neurons)),
        kept(workspace.take<Lane>(of.neurons)) {}

  void begin(const uint32_t* state) {
    sign_masks(state, memory.neurons, masks);
    dense_product(memory, masks, kept);
  }
  /// Goes on with the fields of another state.
  void take(int32_t* values) { kept = reinterpret_cast<Lane*>(values); }

  double quadratic(const uint32_t* state) const {
    double sum = 0;
    for (size_t i = 0; i < memory.neurons; i++) {
      const double field = static_cast<double>(static_cast<Signed>(kept[i]));
      sum += bit_at(state, i) ? field : -field;
    }
    return sum;
  }
  double largest() const { return memory.largest; }

  void fields(const uint32_t*, double* out) const {
    for (size_t i = 0; i < memory.neurons; i++) out[i] = static_cast<double>(static_cast<Signed>(kept[i]));
  }

  void signs(const uint32_t* state, uint32_t* next) {
    memset(next, 0, row_words(memory.neurons) * sizeof(uint32_t));
    for (size_t i = 0; i < memory.neurons; i++) {
      next[i / 32] |= update.decide(field(i, 0), i, bit_at(state, i)) << (i % 32);
    }
    update.restore(state, next, memory.neurons);
  }

  inline int64_t field(size_t i, unsigned) const { return static_cast<Signed>(kept[i]); }

  inline void flipped(size_t i, unsigned next) {
    const int32_t* row = memory.weights_as<int32_t>() + i * padded_stride(memory.neurons);
    const Lane factor = next ? Lane{2} : Lane{0} - Lane{2};
    for (size_t j = 0; j < memory.neurons; j++) kept[j] += factor * static_cast<Lane>(row[j]);
  }
};

/// Any matrix: fields are read off rows at each look, from the state alone. Real ones cannot be carried
/// along: they would drift, and a recall would depend on how it came to a state.
template <class Weight>
struct MatrixForm : PlainForm {
  static constexpr bool kFours = true;

  const Memory& memory;
  const Weight* weights;
  const size_t stride;
  double* spins;
  double* scratch;

  MatrixForm(const Memory& of, const Update&, size_t, Workspace& workspace)
      : memory(of),
        weights(of.weights_as<Weight>()),
        stride(padded_stride(of.neurons)),
        spins(workspace.take<double>(stride)),
        scratch(workspace.take<double>(stride)) {}

  void begin(const uint32_t* state) { spins_of(state, memory.neurons, spins); }
  void flipped(size_t i, unsigned next) { spins[i] = next ? 1 : -1; }

  double field(size_t i, unsigned) const {
    const Weight* row[1] = {weights + i * stride};
    double out;
    exact_dots<1>(row, spins, stride, &out);
    return out;
  }
  /// Of four neurons at once: the sums of one would wait for each other.
  void four(const uint32_t* neurons, double* out) const {
    const Weight* rows[4];
    for (size_t r = 0; r < 4; r++) rows[r] = weights + neurons[r] * stride;
    exact_dots<4>(rows, spins, stride, out);
  }
  /// Of the state that is kept.
  void fields(const uint32_t*, double* out) const {
    exact_products(weights, memory.neurons, stride, spins, out);
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return -1; }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_MATRIX_H_
