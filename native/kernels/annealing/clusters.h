// Isoenergetic cluster moves (Houdayer 2001; Zhu, Ochoa and Katzgraber 2015): pairs of replicas exchange a
// connected set of the neurons in which they differ.
#ifndef HOPFIELD_KERNELS_ANNEALING_CLUSTERS_H_
#define HOPFIELD_KERNELS_ANNEALING_CLUSTERS_H_

#include <string.h>

#include "core/annealing.h"
#include "core/memory.h"
#include "flag.h"
#include "kernels/lent.h"
#include "kernels/forms/sparse.h"
#include "simd/small.h"
#include "workspace.h"

namespace hopfield {
namespace {

/// Who is connected with whom, whatever the weights: copied once per call, so that no change of the memory
/// under the call can lead a kernel out of its arrays.
struct Neighbours {
  uint32_t* starts;
  uint32_t* places = nullptr;

  Neighbours(const Memory& memory, Workspace& workspace)
      : starts(workspace.take<uint32_t>(memory.neurons + 1)) {
    if (memory.number == Number::kInt32) gather<int32_t>(memory, workspace);
    if (memory.number == Number::kFloat32) gather<float>(memory, workspace);
    if (memory.number == Number::kFloat64) gather<double>(memory, workspace);
  }

 private:
  template <class Weight>
  void gather(const Memory& memory, Workspace& workspace) {
    size_t count = 0;
    each<Weight>(memory, [&](size_t, size_t) { count++; });
    places = workspace.take<uint32_t>(count);
    size_t at = 0, row = 0;
    // The second look at a memory that others write may see more than the first.
    each<Weight>(memory, [&](size_t i, size_t j) {
      while (row <= i) starts[row++] = static_cast<uint32_t>(at);
      if (at < count) places[at++] = static_cast<uint32_t>(j);
    });
    while (row <= memory.neurons) starts[row++] = static_cast<uint32_t>(at);
  }
  template <class Weight, class Use>
  static void each(const Memory& memory, Use use) {
    const Weight* weights = memory.weights_as<Weight>();
    for (size_t i = 0; i < memory.neurons; i++) {
      heed_flag(i, 1024);
      if (memory.form == Form::kMatrix) {
        const Weight* row = weights + i * padded_stride(memory.neurons);
        for (size_t j = 0; j < memory.neurons; j++) {
          if (row[j] != 0) use(i, j);
        }
        continue;
      }
      const Places row = memory.sparse.row(i);
      for (size_t k = row.from; k < row.end; k++) {
        if (weights[k] != 0) use(i, neuron_of(memory, k));
      }
    }
  }
};

/// Bit 2p of a word is pair p.
constexpr uint64_t kPairs = 0x5555555555555555;

/// The clusters of all pairs of a group, grown together: a row of words for each neuron.
struct Clusters {
  const size_t neurons, words;
  Workspace workspace;
  const Lent<Neighbours> lent;
  const Neighbours& near;
  uint64_t* differing;
  uint64_t* clusters;
  uint32_t* queue;  ///< neurons whose neighbours have not heard of their cluster, each once
  uint8_t* queued;
  size_t first = 0, waiting = 0;

  Clusters(const Memory& memory, const uint32_t* replicas, size_t count)
      : neurons(memory.neurons),
        words((count + 63) / 64),
        lent(
            memory, ShelfPlace::kNeighbours, [](const Neighbours&) { return true; },
            [&](Workspace& own) { return Neighbours(memory, own); }),
        near(*lent),
        differing(workspace.take<uint64_t>(neurons * words)),
        clusters(workspace.take<uint64_t>(neurons * words)),
        queue(workspace.take<uint32_t>(neurons)),
        queued(workspace.take<uint8_t>(neurons)) {
    memset(clusters, 0, neurons * words * sizeof(uint64_t));
    memset(queued, 0, neurons);
    for (size_t k = 0; k < neurons * words; k++) {
      const uint64_t spins = load64(replicas + 2 * k);
      // A last replica without a partner is no pair.
      const size_t left = count - 64 * (k % words);
      const uint64_t mask = left >= 64 ? kPairs : kPairs & ((uint64_t{1} << (left & ~size_t{1})) - 1);
      differing[k] = (spins ^ spins >> 1) & mask;
    }
  }

  void begin(const uint32_t* starts, size_t count) {
    for (size_t p = 0; p < count / 2; p++) {
      const size_t word = p / 32;
      const uint64_t bit = uint64_t{1} << (2 * (p % 32));
      size_t i = smaller(static_cast<size_t>(starts[p]), neurons - 1), looked = 0;
      for (; looked < neurons && (differing[i * words + word] & bit) == 0; looked++)
        i = i + 1 == neurons ? 0 : i + 1;
      heed_flag(p, 64);
      if (looked == neurons) continue;
      clusters[i * words + word] |= bit;
      put(i);
    }
  }

  void grow() {
    for (size_t turn = 0; waiting > 0; turn++) {
      heed_flag(turn, 4096);
      const size_t i = queue[first];
      first = first + 1 == neurons ? 0 : first + 1;
      waiting--;
      queued[i] = 0;
      for (size_t k = near.starts[i]; k < near.starts[i + 1]; k++) reach(near.places[k], i);
    }
  }

  void exchange(uint32_t* replicas) const {
    for (size_t k = 0; k < neurons * words; k++) {
      const uint64_t both = clusters[k] | clusters[k] << 1;
      const uint64_t spins = load64(replicas + 2 * k) ^ both;
      memcpy(replicas + 2 * k, &spins, sizeof(spins));
    }
  }

 private:
  inline void reach(size_t j, size_t from) {
    uint64_t news = 0;
    for (size_t w = 0; w < words; w++) {
      const uint64_t more = clusters[from * words + w] & differing[j * words + w] & ~clusters[j * words + w];
      clusters[j * words + w] |= more;
      news |= more;
    }
    if (news != 0) put(j);
  }
  inline void put(size_t i) {
    if (queued[i] != 0) return;
    queued[i] = 1;
    size_t at = first + waiting++;
    queue[at >= neurons ? at - neurons : at] = static_cast<uint32_t>(i);
  }
};

static void exchange_clusters(const Memory& memory, const uint32_t* starts, uint32_t* replicas,
                              size_t count) {
  Clusters clusters(memory, replicas, count);
  clusters.begin(starts, count);
  clusters.grow();
  clusters.exchange(replicas);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_ANNEALING_CLUSTERS_H_
