// Fields that are read off a neuron's own weights at each look, from the state alone: the mirror of
// src/kernels/reference/row-forms.ts. The state is kept as numbers too, and flips are told.
#ifndef HOPFIELD_KERNELS_ROW_FORMS_H_
#define HOPFIELD_KERNELS_ROW_FORMS_H_

#include "kernels/chances.h"
#include "kernels/coupled.h"
#include "kernels/energy.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// The state as ±1.0, zeros behind the last neuron.
static void spins_of(const uint32_t* state, size_t neurons, double* spins) {
  const size_t stride = padded_stride(neurons);
  for (size_t i = 0; i < stride; i++) spins[i] = i >= neurons ? 0 : bit_at(state, i) ? 1 : -1;
}

/// Q = Σ_i s_i h_i in ascending order.
template <class Form>
static double quadratic_of(const Form& form, const uint32_t* state, double* fields) {
  form.fields(state, fields);
  return dense_quadratic(fields, form.memory.neurons, state);
}

template <class Weight>
struct MatrixForm {
  static constexpr bool kFours = true;
  const Memory& memory;
  const Weight* weights;
  const size_t stride;
  double* spins;
  double* scratch;

  MatrixForm(const Memory& of, Workspace& workspace)
      : memory(of),
        weights(of.weights_as<Weight>()),
        stride(of.stride),
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

struct BitsForm {
  static constexpr bool kFours = false;
  const Memory& memory;
  const size_t words;
  int32_t* counts;
  double* scratch;
  const uint32_t* current = nullptr;

  BitsForm(const Memory& of, Workspace& workspace)
      : memory(of),
        words(row_words(of.neurons)),
        counts(workspace.take<int32_t>(of.neurons)),
        scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) { current = state; }
  void flipped(size_t, unsigned) {}

  /// Σ_j J_ij s_j less what the neuron would tell itself.
  static inline double without(int32_t count, unsigned own, unsigned bit) {
    return count - (own == bit ? 1 : -1);
  }

  double field(size_t i, unsigned bit) const {
    const uint32_t* row = memory.weights_as<uint32_t>() + i * words;
    int32_t count;
    row_overlaps(row, 1, words / kBlockWords, memory.neurons, current, &count);
    return without(count, bit_at(row, i), bit);
  }
  void fields(const uint32_t* state, double* out) const {
    row_overlaps(memory.weights_as<uint32_t>(), memory.neurons, words / kBlockWords, memory.neurons, state,
                 counts);
    for (size_t i = 0; i < memory.neurons; i++) {
      out[i] = without(counts[i], bit_at(memory.weights_as<uint32_t>() + i * words, i), bit_at(state, i));
    }
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return static_cast<double>(memory.neurons); }
};

/// Real weights: sums in their one order.
struct SparseReals {
  static constexpr bool kFours = false;
  const Memory& memory;
  int8_t* spins;
  double* scratch;

  SparseReals(const Memory& of, Workspace& workspace)
      : memory(of), spins(workspace.take<int8_t>(of.neurons)), scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) {
    for (size_t i = 0; i < memory.neurons; i++) spins[i] = bit_at(state, i) ? 1 : -1;
  }
  void flipped(size_t i, unsigned next) { spins[i] = next ? 1 : -1; }

  double field(size_t i, unsigned) const {
    alignas(64) double sums[8] = {};
    const size_t from = memory.sparse.starts[i];
    for (size_t k = from; k < memory.sparse.starts[i + 1]; k++) {
      sums[(k - from) % 8] += memory.weights_as<double>()[k] * spins[memory.sparse.sources[k]];
    }
    return fold8(load8(sums));
  }
  void fields(const uint32_t*, double* out) const {
    for (size_t i = 0; i < memory.neurons; i++) out[i] = field(i, 0);
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return -1; }
};

/// Whole weights: fields are kept, and a flip tells those who hear it.
template <class Lane>
struct SparseWholes {
  static constexpr bool kFours = false;
  const Memory& memory;
  int8_t* spins;
  Lane* kept;
  double* scratch;

  SparseWholes(const Memory& of, Workspace& workspace)
      : memory(of),
        spins(workspace.take<int8_t>(of.neurons)),
        kept(workspace.take<Lane>(of.neurons)),
        scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) {
    for (size_t i = 0; i < memory.neurons; i++) spins[i] = bit_at(state, i) ? 1 : -1;
    if (memory.sparse.targets == nullptr) return;
    for (size_t i = 0; i < memory.neurons; i++) kept[i] = sum(i);
  }
  void flipped(size_t i, unsigned next) {
    spins[i] = next ? 1 : -1;
    if (memory.sparse.targets == nullptr) return;
    for (size_t k = memory.sparse.target_starts[i]; k < memory.sparse.target_starts[i + 1]; k++) {
      const Lane twice = 2 * static_cast<Lane>(memory.sparse.target_weights[k]);
      kept[memory.sparse.targets[k]] += next ? twice : -twice;
    }
  }
  inline Lane sum(size_t i) const {
    Lane total = 0;
    for (size_t k = memory.sparse.starts[i]; k < memory.sparse.starts[i + 1]; k++) {
      total += static_cast<Lane>(memory.weights_as<int32_t>()[k]) * spins[memory.sparse.sources[k]];
    }
    return total;
  }
  double field(size_t i, unsigned) const {
    return static_cast<double>(memory.sparse.targets == nullptr ? sum(i) : kept[i]);
  }
  void fields(const uint32_t*, double* out) const {
    for (size_t i = 0; i < memory.neurons; i++) out[i] = field(i, 0);
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return memory.largest; }

  /// A sweep by chance where nobody is clamped and nothing written down. Returns how many neurons flipped.
  size_t sweep(const uint32_t* visits, size_t count, const ChanceTable& table, Uniforms& uniforms,
               uint32_t* state) {
    constexpr size_t kSome = kPhiloxWords / 2;
    const uint64_t* limits = table.limits + table.most;
    size_t flips = 0;
    for (size_t from = 0; from < count; from += kSome) {
      uniforms.words.refill();
      const uint32_t* words = uniforms.words.words;
      const size_t some = count - from < kSome ? count - from : kSome;
      for (size_t u = 0; u < some; u++) {
        const size_t i = visits[from + u];
        const uint64_t limit = limits[static_cast<int64_t>(kept[i])];
        const int8_t to = uniform_bits(words[2 * u], words[2 * u + 1]) <= limit ? 1 : -1;
        if (to == spins[i]) continue;
        flipped(i, to > 0);
        state[i / 32] ^= 1u << (i % 32);
        flips++;
      }
    }
    return flips;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ROW_FORMS_H_
