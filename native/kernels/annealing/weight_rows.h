// Whole weights in rows, as one replica alone reads them: what a flip adds to all totals.
#ifndef HOPFIELD_KERNELS_ANNEALING_WEIGHT_ROWS_H_
#define HOPFIELD_KERNELS_ANNEALING_WEIGHT_ROWS_H_

#include "kernels/annealing/bonds.h"
#include "kernels/lent.h"

namespace hopfield {
namespace {

/// Weights of kInt32 in rows: of connections those that are not 0, copied, and of a matrix all of them. A
/// matrix is read where it lies, since no number in it leads anywhere, or from a copy in bytes, where it fits
/// and is read often.
struct WeightRows {
  using Total = uint32_t;  ///< in two's complement

  size_t neurons;
  bool full;
  bool often;
  uint32_t* starts = nullptr;
  uint32_t* near_ends = nullptr;  ///< of a row's first places: neighbours later among sixteen
  uint32_t* neighbours = nullptr;
  int32_t* weights = nullptr;
  const int32_t* matrix = nullptr;
  int8_t* bytes = nullptr;

  /// @param read_often whether a copy pays
  WeightRows(const Memory& memory, bool read_often, Workspace& workspace)
      : neurons(memory.neurons), full(memory.form == Form::kMatrix), often(read_often) {
    if (full) {
      matrix = memory.weights_as<int32_t>();
      if (often) shorten(workspace);
      return;
    }
    const size_t most = memory.sparse.length;
    starts = workspace.take<uint32_t>(neurons + 1);
    near_ends = workspace.take<uint32_t>(neurons);
    neighbours = workspace.take<uint32_t>(most);
    weights = workspace.take<int32_t>(most);
    uint32_t at = 0;
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 4096);
      starts[i] = at;
      for (int turn = 0; turn < 2; turn++) {
        each_weight(memory, i, [&](size_t j, int32_t weight) {
          const bool near = j > i && j / 16 == i / 16;
          // The second look at a memory that others write may see more than the first.
          if (near != (turn == 0) || at >= most) return;
          neighbours[at] = static_cast<uint32_t>(j);
          weights[at++] = weight;
        });
        if (turn == 0) near_ends[i] = at;
      }
    }
    starts[neurons] = at;
  }

  /// Σ_j J_ij s_j, added to the totals.
  void add_fields(const int32_t* spins, Total* totals) const {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      reach(i, static_cast<uint32_t>(spins[i]), totals);
    }
  }
  /// totals += factor·J_i, for a factor of ±1 or ±2. What is not symmetric may wrap.
  inline void reach(size_t i, uint32_t factor, Total* totals) const {
    if (full) {
      const size_t at = i * padded_stride(neurons);
      if (bytes != nullptr) return add_row(bytes + at, factor, totals);
      return add_row(matrix + at, factor, totals);
    }
    for (size_t k = starts[i]; k < starts[i + 1]; k++)
      totals[neighbours[k]] += factor * static_cast<uint32_t>(weights[k]);
  }
  /// Calls use(j) for the neighbours of neuron i that come later among its sixteen.
  template <class Use>
  inline void each_near(size_t i, Use use) const {
    for (size_t k = starts[i]; k < near_ends[i]; k++) use(neighbours[k]);
  }

 private:
  /// Additions and shifts: products of 32 bits take twice as long.
  template <class Weight>
  inline void add_row(const Weight* row, uint32_t factor, Total* totals) const {
    const unsigned twice = factor == 1 || factor == ~0u ? 0 : 1;
    if (static_cast<int32_t>(factor) > 0) {
      for (size_t j = 0; j < neurons; j++) totals[j] += static_cast<uint32_t>(row[j]) << twice;
    } else {
      for (size_t j = 0; j < neurons; j++) totals[j] -= static_cast<uint32_t>(row[j]) << twice;
    }
  }

  void shorten(Workspace& workspace) {
    const size_t size = neurons * padded_stride(neurons);
    int8_t* room = workspace.take<int8_t>(size);
    uint32_t beyond = 0;
    for (size_t k = 0; k < size; k++) {
      room[k] = static_cast<int8_t>(matrix[k]);
      beyond |= (static_cast<uint32_t>(matrix[k]) + 128) & ~255u;
    }
    if (beyond == 0) bytes = room;
  }
};

/// A matrix of ±1 but for the diagonal, a bit a weight: a flip reads an eighth of what bytes would take, and
/// totals have 16 bits.
struct SignRows {
  using Total = int16_t;

  static constexpr bool full = true;
  size_t neurons;
  bool usable = true;  ///< whether all weights are ±1
  uint32_t* bits = nullptr;

  SignRows(const Memory& memory, Workspace& workspace) : neurons(memory.neurons) {
    const int32_t* matrix = memory.weights_as<int32_t>();
    const size_t stride = row_words(neurons);
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      const int32_t* row = matrix + i * padded_stride(neurons);
      for (size_t j = 0; usable && j < neurons; j++) usable = j == i || row[j] == 1 || row[j] == -1;
      if (!usable) return;
      if (i == 0) bits = zeros(workspace, neurons * stride);
      uint32_t* own = bits + i * stride;
      for (size_t j = 0; j < neurons; j++) own[j / 32] |= (row[j] > 0 ? 1u : 0u) << (j % 32);
      own[i / 32] &= ~(1u << (i % 32));
    }
  }

  /// Σ_j J_ij s_j of packed states.
  void fields_of(const uint32_t* const* states, size_t count, int32_t* const* out) const {
    overlaps_of(bits, neurons, row_blocks(neurons), neurons, count, states, out);
    // The diagonal is there as −1.
    for (size_t s = 0; s < count; s++) {
      for (size_t i = 0; i < neurons; i += 32) {
        const uint32_t word = states[s][i / 32];
        int32_t* fields = out[s] + i;
        const uint32_t here = static_cast<uint32_t>(smaller(neurons - i, 32));
        for (uint32_t l = 0; l < here; l++) fields[l] += static_cast<int32_t>(2 * (word >> l & 1)) - 1;
      }
    }
  }
  void add_fields(const int32_t* spins, Total* totals) const {
    Workspace workspace;
    uint32_t* state = zeros(workspace, row_words(neurons));
    for (size_t j = 0; j < neurons; j++) state[j / 32] |= (spins[j] > 0 ? 1u : 0u) << (j % 32);
    int32_t* fields = workspace.take<int32_t>(neurons);
    fields_of(&state, 1, &fields);
    for (size_t i = 0; i < neurons; i++) totals[i] = static_cast<Total>(totals[i] + fields[i]);
  }
  inline void reach(size_t i, uint32_t factor, Total* totals) const {
    const auto delta = static_cast<int>(factor);
    column_add(bits + i * row_words(neurons), totals, column_words(neurons), delta);
    totals[i] = static_cast<Total>(totals[i] + delta);
  }
  template <class Use>
  inline void each_near(size_t, Use) const {}

 private:
  static uint32_t* zeros(Workspace& workspace, size_t words) {
    uint32_t* room = workspace.take<uint32_t>(words);
    memset(room, 0, words * sizeof(uint32_t));
    return room;
  }
};

static Lent<WeightRows> weight_rows_of(const Memory& memory, bool often) {
  return {memory, ShelfPlace::kRows, [&](const WeightRows& known) { return known.often || !often; },
          [&](Workspace& workspace) { return WeightRows(memory, often, workspace); }};
}

static Lent<SignRows> sign_rows_of(const Memory& memory) {
  return {memory, ShelfPlace::kSigns, [](const SignRows&) { return true; },
          [&](Workspace& workspace) { return SignRows(memory, workspace); }};
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_WEIGHT_ROWS_H_
