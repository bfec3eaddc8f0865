// Weights of few connections, in compressed rows: summed at each look where they are real, kept where they
// are whole and the memory says which neurons a flip reaches.
#ifndef HOPFIELD_KERNELS_FORMS_SPARSE_H_
#define HOPFIELD_KERNELS_FORMS_SPARSE_H_

#include "flag.h"
#include "kernels/forms/form.h"
#include "kernels/forms/quadratic.h"
#include "kernels/pack.h"
#include "kernels/recall/acceptance.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The neuron that connection k comes from.
static inline size_t neuron_of(const Memory& memory, size_t k) {
  const size_t source = memory.sparse.sources[k];
  return source < memory.neurons ? source : memory.neurons - 1;
}

/// Real weights: sums in their one order.
struct SparseReals : PlainForm {
  const Memory& memory;
  int8_t* spins;
  double* scratch;

  SparseReals(const Memory& of, const Update&, size_t, Workspace& workspace)
      : memory(of), spins(workspace.take<int8_t>(of.neurons)), scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) { unpack(state, 1, memory.neurons, spins); }
  void flipped(size_t i, unsigned next) { spins[i] = next ? 1 : -1; }

  double field(size_t i, unsigned) const {
    alignas(64) double sums[8] = {};
    const Places row = memory.sparse.row(i);
    for (size_t k = row.from; k < row.end; k++) {
      sums[(k - row.from) % 8] += memory.weights_as<double>()[k] * spins[neuron_of(memory, k)];
    }
    return fold8(load8(sums));
  }
  void fields(const uint32_t*, double* out) const {
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      out[i] = field(i, 0);
    }
  }
  double quadratic(const uint32_t* state) const { return quadratic_of(*this, state, scratch); }
  double largest() const { return -1; }
};

/// Whole weights: fields are kept, and a flip changes those of its targets.
template <class Lane>
struct SparseIntegers : PlainForm {
  static constexpr bool kHotSweeps = true;

  const Memory& memory;
  int8_t* spins;
  Lane* kept;
  double* scratch;

  SparseIntegers(const Memory& of, const Update&, size_t, Workspace& workspace)
      : memory(of),
        spins(workspace.take<int8_t>(of.neurons)),
        kept(workspace.take<Lane>(of.neurons)),
        scratch(workspace.take<double>(of.neurons)) {}

  void begin(const uint32_t* state) {
    unpack(state, 1, memory.neurons, spins);
    if (memory.sparse.targets == nullptr) return;
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      kept[i] = sum_of(i, state);
    }
  }
  void flipped(size_t i, unsigned next) {
    spins[i] = next ? 1 : -1;
    if (memory.sparse.targets == nullptr) return;
    const size_t last = memory.neurons - 1;
    const Places row = memory.sparse.target_row(i);
    for (size_t k = row.from; k < row.end; k++) {
      const Lane twice = 2 * static_cast<Lane>(memory.sparse.target_weights[k]);
      kept[smaller(static_cast<size_t>(memory.sparse.targets[k]), last)] += next ? twice : -twice;
    }
  }
  inline Lane sum(size_t i) const {
    Lane total = 0;
    const Places row = memory.sparse.row(i);
    for (size_t k = row.from; k < row.end; k++) {
      total += static_cast<Lane>(memory.weights_as<int32_t>()[k]) * spins[neuron_of(memory, k)];
    }
    return total;
  }
  /// The same of a packed state.
  inline Lane sum_of(size_t i, const uint32_t* state) const {
    if (sizeof(Lane) > sizeof(int32_t)) return sum(i);
    const Places row = memory.sparse.row(i);
    if (memory.sparse.short_weights != nullptr) {
      return connected_sum(memory.sparse.short_weights + row.from, memory.sparse.short_sources + row.from,
                           row.end - row.from, state);
    }
    return connected_sum(memory.weights_as<int32_t>() + row.from, memory.sparse.sources + row.from,
                         row.end - row.from, state, static_cast<uint32_t>(memory.neurons - 1));
  }
  double field(size_t i, unsigned) const {
    return static_cast<double>(memory.sparse.targets == nullptr ? sum(i) : kept[i]);
  }
  void fields(const uint32_t*, double* out) const {
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      out[i] = field(i, 0);
    }
  }
  /// Whole numbers below 2^53: any order of summation gives the bits of the defined one.
  double quadratic(const uint32_t* state) const {
    if (memory.sparse.targets == nullptr || !exact_quadratic(memory)) {
      return quadratic_of(*this, state, scratch);
    }
    int64_t sum = 0;
    for (size_t i = 0; i < memory.neurons; i++) sum += static_cast<Lane>(spins[i] * kept[i]);
    return static_cast<double>(sum);
  }
  double largest() const { return memory.largest; }

  bool sweep_hot(const uint32_t* visits, size_t count, const AcceptanceTable& table, Uniforms& uniforms,
                 uint32_t* state, size_t* flipping) {
    if (memory.sparse.targets == nullptr) return false;
    constexpr size_t kSome = kPhiloxWords / 2;
    size_t flips = 0;
    for (size_t from = 0; from < count; from += kSome) {
      heed_flag(from, 8 * kSome);
      uniforms.words.refill();
      const uint32_t* words = uniforms.words.words;
      const size_t some = smaller(count - from, kSome);
      for (size_t u = 0; u < some; u++) {
        const size_t i = visits[from + u];
        const uint64_t limit = table.limits[table.place(static_cast<int64_t>(kept[i]))];
        const int8_t to = uniform_bits(words[2 * u], words[2 * u + 1]) <= limit ? 1 : -1;
        if (to == spins[i]) continue;
        flipped(i, to > 0);
        state[i / 32] ^= 1u << (i % 32);
        flips++;
      }
    }
    *flipping = flips;
    return true;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_SPARSE_H_
