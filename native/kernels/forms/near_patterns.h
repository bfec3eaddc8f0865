// Patterns that differ from a state on few neurons, where all others have no vote. The first words of every
// pattern are kept in planes (nearest.h), eight patterns side by side: of random patterns they leave one of a
// thousand that has to be looked at whole. What they leave out is proved to differ on more neurons.
#ifndef HOPFIELD_KERNELS_FORMS_NEAR_PATTERNS_H_
#define HOPFIELD_KERNELS_FORMS_NEAR_PATTERNS_H_

#include "flag.h"
#include "kernels/lent.h"
#include "kernels/nearest.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// The first words of all patterns, in planes.
struct Beginnings {
  size_t words;  ///< of 64 neurons
  const uint32_t* planes;
};

/// Blocks of eight patterns that are compared before anything is asked of them.
constexpr size_t kBlocksTogether = 4;
/// Blocks that stay in the first-level cache while every state is held against them.
static inline size_t blocks_of_tile(size_t words) {
  return larger(kTileWords / (words * kPlaneWords) / kBlocksTogether, size_t{1}) * kBlocksTogether;
}

/// How many words tell random patterns from those that differ on no more than `most` neurons: half of the
/// bits differ, give or take three deviations of √bits/2.
static inline size_t beginning_words(size_t neurons, size_t most) {
  const size_t all = (neurons + 63) / 64;
  size_t words = 1;
  for (; words < all; words++) {
    const double bits = 64 * static_cast<double>(words);
    if (bits / 2 - 1.5 * sqrt(bits) > static_cast<double>(most)) break;
  }
  return words;
}

static Beginnings make_beginnings(const Memory& memory, size_t words, Workspace& workspace) {
  const size_t blocks = (memory.count + kAbreast - 1) / kAbreast;
  uint32_t* planes = workspace.take<uint32_t>(blocks * words * kPlaneWords);
  prefer_large_pages(planes, blocks * words * kPlaneWords * sizeof(uint32_t));
  interleave_some(memory.rows, row_words(memory.neurons), memory.count, smaller(memory.neurons, 64 * words),
                  planes);
  return {words, planes};
}

static inline uint32_t row_difference(const uint32_t* row, const uint32_t* state, size_t neurons) {
  uint32_t sum = 0;
  for (size_t w = 0; w < (neurons + 63) / 64; w++)
    sum += static_cast<uint32_t>(count_ones(load64(row + 2 * w) ^ load64(state + 2 * w)));
  return sum;
}

/// Words of planes that are asked for before they are read, so far that the memory answers in time.
constexpr size_t kPlanesAhead = 2048;
/// Asks for as many words ahead as there are in these planes, by address: they may lie behind the last plane.
static inline void ask_for_planes(const uint32_t* planes, size_t count) {
  const uintptr_t ahead = reinterpret_cast<uintptr_t>(planes) + kPlanesAhead * sizeof(uint32_t);
  for (size_t k = 0; k < count; k += 16)
    prefetch_line(reinterpret_cast<const float*>(ahead + k * sizeof(uint32_t)));
}

/// Marks which of some patterns differ from a state on no more than `most` neurons.
static inline void mark_near(const Memory& memory, const Beginnings& begin, size_t from, size_t end,
                             const uint32_t* state, size_t most, uint64_t* near) {
  for (size_t mu = from; mu < smaller(end, memory.count); mu++) {
    if (difference(begin.planes, begin.words, mu, state) > most) continue;
    if (row_difference(memory.rows + mu * row_words(memory.neurons), state, memory.neurons) > most) continue;
    near[mu / 64] |= uint64_t{1} << mu % 64;
  }
}

/// near[b·words + mu/64], bit mu % 64: whether pattern mu differs from state b on no more than `most`
/// neurons. Padding bits of rows and states are zero.
static void find_near(const Memory& memory, const uint32_t* states, size_t state_count, size_t most,
                      uint64_t* near) {
  const size_t stride = row_words(memory.neurons), words = (memory.count + 63) / 64;
  const size_t wanted = beginning_words(memory.neurons, most);
  const Lent<Beginnings> begin(
      memory, ShelfPlace::kBeginnings, [&](const Beginnings& known) { return known.words == wanted; },
      [&](Workspace& workspace) { return make_beginnings(memory, wanted, workspace); });
  const Beginnings& by = *begin;
  memset(near, 0, state_count * words * sizeof(uint64_t));
  const size_t block = by.words * kPlaneWords, whole = memory.count / kAbreast;
  const size_t tile = blocks_of_tile(by.words);
  for (size_t from = 0; from < whole; from += tile) {
    const size_t some = smaller(whole - from, tile);
    for (size_t b = 0; b < state_count; b++) {
      if (b % 64 == 0) heed_flag(from / tile, 16);
      const uint32_t* state = states + b * stride;
      for (size_t at = from; at < from + some; at += kBlocksTogether) {
        const size_t few = smaller(from + some - at, kBlocksTogether);
        const uint32_t* planes = by.planes + at * block;
        if (b == 0) ask_for_planes(planes, few * block);
        if (least_difference(planes, few, by.words, state) > most) continue;
        mark_near(memory, by, at * kAbreast, (at + few) * kAbreast, state, most, near + b * words);
      }
    }
  }
  for (size_t b = 0; b < state_count; b++)
    mark_near(memory, by, whole * kAbreast, memory.count, states + b * stride, most, near + b * words);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_NEAR_PATTERNS_H_
