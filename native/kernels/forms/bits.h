// J_ij = ±1, one bit each, without self weights: a field is an overlap of the state with a row.
#ifndef HOPFIELD_KERNELS_FORMS_BITS_H_
#define HOPFIELD_KERNELS_FORMS_BITS_H_

#include "flag.h"
#include "kernels/field.h"
#include "kernels/forms/form.h"
#include "kernels/forms/quadratic.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

struct BitsForm : PlainForm {
  const Memory& memory;
  const size_t words;
  int32_t* counts;
  double* scratch;
  const uint32_t* current = nullptr;

  BitsForm(const Memory& of, const Update&, size_t, Workspace& workspace)
      : memory(of),
        words(row_words(of.neurons)),
        counts(workspace.take<int32_t>(of.neurons)),
        scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) { current = state; }
  void flipped(size_t, unsigned) {}

  /// Σ_j J_ij s_j less the neuron's own part.
  static inline double without(int32_t count, unsigned own, unsigned bit) {
    return count - (own == bit ? 1 : -1);
  }

  double field(size_t i, unsigned bit) const {
    const uint32_t* row = memory.weights_as<uint32_t>() + i * words;
    int32_t count;
    row_overlaps(row, 1, memory.neurons, current, &count);
    return without(count, bit_at(row, i), bit);
  }
  void fields(const uint32_t* state, double* out) const {
    heeding_overlaps(memory.weights_as<uint32_t>(), memory.neurons, memory.neurons, state, counts);
    for (size_t i = 0; i < memory.neurons; i++) {
      out[i] = without(counts[i], bit_at(memory.weights_as<uint32_t>() + i * words, i), bit_at(state, i));
    }
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return static_cast<double>(memory.neurons); }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_BITS_H_
