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

  static constexpr bool kBytes = false;
  /// Places come by four: those behind a row's last have no weight, and lead behind the last neuron.
  static constexpr size_t kPlaces = 4;

  size_t neurons;
  bool full;
  bool often;
  size_t* starts = nullptr;
  size_t* near_ends = nullptr;  ///< of a row's first places: neighbours later among sixteen
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
    const size_t most = memory.sparse.length + (kPlaces - 1) * neurons;
    starts = workspace.take<size_t>(neurons + 1);
    near_ends = workspace.take<size_t>(neurons);
    neighbours = workspace.take<uint32_t>(most + kPlaces);
    weights = workspace.take<int32_t>(most + kPlaces);
    size_t at = 0;
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
      for (size_t place = 0; at % kPlaces != 0; place++) {
        neighbours[at] = static_cast<uint32_t>(neurons + place);
        weights[at++] = 0;
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
    for (size_t k = starts[i]; k < starts[i + 1]; k += kPlaces) {
      for (size_t place = k; place < k + kPlaces; place++)
        totals[neighbours[place]] += factor * static_cast<uint32_t>(weights[place]);
    }
  }
  /// The same where `mask` has all bits, and nothing where it has none.
  inline void reach_where(size_t i, uint32_t factor, uint32_t mask, Total* totals) const {
    for (size_t k = starts[i]; k < starts[i + 1]; k += kPlaces) {
      for (size_t place = k; place < k + kPlaces; place++)
        totals[neighbours[place]] += (factor * static_cast<uint32_t>(weights[place])) & mask;
    }
  }
  /// Whether so many flips in a sweep make guesses of the next ones dearer than flips that change nothing.
  inline bool restless(size_t flips) const {
    if (full) return false;
    const size_t places = starts[neurons];
    return flips * (12 * neurons + places) > neurons * (3 * neurons + places);
  }
  /// Whether rows have that many places or fewer in the mean.
  inline bool no_longer_than(size_t most) const { return !full && starts[neurons] <= most * neurons; }
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

  static constexpr bool kBytes = false, full = true;
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
    overlaps_of(bits, neurons, neurons, count, states, out);
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
  inline bool restless(size_t) const { return false; }
  inline bool no_longer_than(size_t) const { return false; }
  inline void reach_where(size_t, uint32_t, uint32_t, Total*) const {}  // as it is never restless

 private:
  static uint32_t* zeros(Workspace& workspace, size_t words) {
    uint32_t* room = workspace.take<uint32_t>(words);
    memset(room, 0, words * sizeof(uint32_t));
    return room;
  }
};

/// Small weights of neurons that have many connections for their number: a row of bytes for each, and totals
/// of eight bits, so that a flip adds up to 64 at a time without looking where they belong.
struct ByteRows {
  using Total = int8_t;

  static constexpr bool kBytes = true;
  /// Rows are read in blocks, and behind the last one as if there were whole groups of neurons.
  static constexpr size_t kBlock = 64, kGroup = 16;
  /// Neurons whose rows fit into a cache.
  static constexpr size_t kMost = 1024;

  size_t neurons;
  size_t stride;
  bool usable = true;         ///< whether totals always fit
  int8_t* weights = nullptr;  ///< twice what they are: what a flip adds

  ByteRows(const Memory& memory, Workspace& workspace)
      : neurons(memory.neurons), stride((memory.neurons + kBlock - 1) / kBlock * kBlock) {
    const size_t size = (neurons + kGroup - 1) * stride;
    weights = workspace.take<int8_t>(size);
    memset(weights, 0, size);
    int64_t* sums = workspace.take<int64_t>(neurons);
    memset(sums, 0, neurons * sizeof(int64_t));
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      each_weight(memory, i, [&](size_t j, int32_t weight) {
        const int64_t twice = weights[i * stride + j] + int64_t{2} * weight;
        usable = usable && static_cast<int8_t>(twice) == twice;
        weights[i * stride + j] = static_cast<int8_t>(twice);
        sums[i] += magnitude(weight);
        sums[j] -= magnitude(weight);
      });
    }
    // A neuron hears what the rows of others say, and only its own row is known to be small.
    for (size_t i = 0; i < neurons; i++) usable = usable && sums[i] >= 0;
  }

  void add_fields(const int32_t* spins, Total* totals) const {
    for (size_t i = 0; i < neurons; i++) {
      heed_flag(i, 1024);
      const int8_t* __restrict row = weights + i * stride;
      int8_t* __restrict out = totals;
      const int32_t spin = spins[i];
      const size_t end = neurons;
      for (size_t j = 0; j < end; j++) out[j] = static_cast<Total>(out[j] + spin * (row[j] / 2));
    }
  }
  /// What a flip of neuron i to +1 changes. Bytes might be anything's, so that only a promise lets the loops
  /// be vectors.
  inline void add(size_t i, Total* totals) const {
    const int8_t* __restrict row = weights + i * stride;
    int8_t* __restrict out = totals;
    const size_t end = stride;
    for (size_t j = 0; j < end; j++) out[j] = static_cast<Total>(out[j] + row[j]);
  }
  inline void subtract(size_t i, Total* totals) const {
    const int8_t* __restrict row = weights + i * stride;
    int8_t* __restrict out = totals;
    const size_t end = stride;
    for (size_t j = 0; j < end; j++) out[j] = static_cast<Total>(out[j] - row[j]);
  }
  /// What changes where neuron i becomes +1 and neuron j −1.
  inline void exchange(size_t i, size_t j, Total* totals) const {
    const int8_t* __restrict up = weights + i * stride;
    const int8_t* __restrict down = weights + j * stride;
    int8_t* __restrict out = totals;
    const size_t end = stride;
    for (size_t k = 0; k < end; k++) out[k] = static_cast<Total>(out[k] + up[k] - down[k]);
  }
  inline void reach(size_t i, uint32_t factor, Total* totals) const {
    if (static_cast<int32_t>(factor) > 0) return add(i, totals);
    subtract(i, totals);
  }
  /// Which of sixteen neurons flip when they are visited in turn.
  inline uint32_t flipping(size_t from, const Total* totals, const int32_t* spins,
                           const int8_t* bounds) const {
    return flips_of_sixteen(totals + from, spins + from, bounds + from, weights + from * stride + from,
                            stride);
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

static Lent<ByteRows> byte_rows_of(const Memory& memory) {
  return {memory, ShelfPlace::kBytes, [](const ByteRows&) { return true; },
          [&](Workspace& workspace) { return ByteRows(memory, workspace); }};
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_WEIGHT_ROWS_H_
