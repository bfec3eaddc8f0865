// The nearest pattern of each state. Patterns lie in planes (src/kernels/contract/layout.ts): the same word
// of eight patterns side by side, so that a register counts for eight at once and no sum runs across it. A
// tile of them stays in the first-level cache while every state is held against it, and what is kept on the
// way is the smallest number of differing bits alone. Only a tile that beats all before it, seven or eight of
// a thousand in no particular order, is looked through again for who it was.
#ifndef HOPFIELD_KERNELS_NEAREST_H_
#define HOPFIELD_KERNELS_NEAREST_H_

#include "flag.h"
#include "kernels/shortlist.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Patterns side by side, and 32-bit words a word of all of them.
constexpr size_t kAbreast = 8, kPlaneWords = 2 * kAbreast;
/// 32-bit words of planes that are held against every state before the next are looked at.
constexpr size_t kTileWords = 4096;

/// The first `neurons` bits of P rows, `stride` words apart, into planes. Bits after them count as zero.
static void interleave_some(const uint32_t* rows, size_t stride, size_t count, size_t neurons,
                            uint32_t* planes) {
  const size_t words = (neurons + 63) / 64;
  const uint64_t last = neurons % 64 == 0 ? ~0ull : (1ull << neurons % 64) - 1;
  for (size_t from = 0; from < count; from += kAbreast, planes += words * kPlaneWords) {
    const size_t some = smaller(count - from, kAbreast);
    heed_flag(from / kAbreast, 1024);
    if (some < kAbreast) memset(planes, 0, words * kPlaneWords * sizeof(uint32_t));
    for (size_t r = 0; r < some; r++) {
      const uint32_t* row = rows + (from + r) * stride;
      for (size_t w = 0; w < words; w++) {
        const uint64_t bits = load64(row + 2 * w) & (w + 1 == words ? last : ~0ull);
        memcpy(planes + w * kPlaneWords + 2 * r, &bits, sizeof(bits));
      }
    }
  }
}

static void interleave(const uint32_t* rows, size_t count, size_t neurons, uint32_t* planes) {
  interleave_some(rows, row_words(neurons), count, neurons, planes);
}

/// Bits in which `state` differs from pattern `index` of these planes.
static inline uint32_t difference(const uint32_t* planes, size_t words, size_t index, const uint32_t* state) {
  const uint32_t* at = planes + index / kAbreast * words * kPlaneWords + index % kAbreast * 2;
  uint32_t sum = 0;
  for (size_t w = 0; w < words; w++) {
    sum += static_cast<uint32_t>(count_ones(load64(at + w * kPlaneWords) ^ load64(state + 2 * w)));
  }
  return sum;
}

/// One pattern a state.
static void nearest_one(const uint32_t* planes, size_t count, size_t neurons, const uint32_t* states,
                        size_t state_count, size_t first, uint32_t* indices, int32_t* overlaps) {
  const size_t stride = row_words(neurons), words = (neurons + 63) / 64, block = words * kPlaneWords;
  const size_t whole = count / kAbreast, tile = kTileWords / block < 4 ? 4 : kTileWords / block / 4 * 4;
  // Until the end, bits that differ.
  for (size_t b = 0; b < state_count; b++) {
    overlaps[b] =
        first == 0 ? INT32_MAX : static_cast<int32_t>((static_cast<int64_t>(neurons) - overlaps[b]) / 2);
  }
  for (size_t from = 0; from < whole; from += tile) {
    const size_t some = smaller(whole - from, tile);
    const uint32_t* at = planes + from * block;
    for (size_t b = 0; b < state_count; b++) {
      if (b % 64 == 0) heed_flag();
      const uint32_t* state = states + b * stride;
      const uint32_t least = least_difference(at, some, words, state);
      if (least >= static_cast<uint32_t>(overlaps[b])) continue;
      size_t index = 0;
      // Who it was is gone where another thread writes into memory that is shared.
      while (index + 1 < some * kAbreast && difference(at, words, index, state) != least) index++;
      overlaps[b] = static_cast<int32_t>(least);
      indices[b] = static_cast<uint32_t>(first + from * kAbreast + index);
    }
  }
  for (size_t b = 0; b < state_count; b++) {
    for (size_t mu = whole * kAbreast; mu < count; mu++) {
      const int32_t differing = static_cast<int32_t>(difference(planes, words, mu, states + b * stride));
      if (differing >= overlaps[b]) continue;
      overlaps[b] = differing;
      indices[b] = static_cast<uint32_t>(first + mu);
    }
    overlaps[b] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * overlaps[b]);
  }
}

/// Entries of lists that are kept at a time.
constexpr size_t kKeptEntries = size_t{1} << 19;

/// The same of k patterns a state, for some states.
static void nearest_few(const uint32_t* planes, size_t count, size_t neurons, const uint32_t* states,
                        size_t state_count, size_t first, size_t k, uint32_t* indices, int32_t* overlaps) {
  const size_t stride = row_words(neurons), words = (neurons + 63) / 64, block = words * kPlaneWords;
  const size_t whole = count / kAbreast, tile = kTileWords / block < 4 ? 4 : kTileWords / block / 4 * 4;
  Workspace workspace;
  auto* entries = workspace.take<Shortlist::Entry>(state_count * k);
  Shortlist* lists = workspace.take<Shortlist>(state_count);
  for (size_t b = 0; b < state_count; b++) {
    lists[b] = Shortlist(entries + b * k, k);
    lists[b].count = smaller(first, k);
    // The worst first: that is a heap.
    for (size_t r = 0; r < lists[b].count; r++) {
      const size_t from = b * k + lists[b].count - 1 - r;
      entries[b * k + r] = {static_cast<double>(overlaps[from]), 0, indices[from]};
    }
  }
  /// Patterns from…end of a place in the planes.
  const auto look = [&](size_t b, size_t from, size_t end) {
    Shortlist& list = lists[b];
    for (size_t mu = from; mu < end; mu++) {
      const int64_t differing = difference(planes, words, mu, states + b * stride);
      const double overlap = static_cast<double>(static_cast<int64_t>(neurons) - 2 * differing);
      if (overlap > list.least()) list.offer({overlap, 0, static_cast<uint32_t>(first + mu)});
    }
  };
  constexpr size_t kTogether = 4;
  /// Whether one of 8·`some` patterns comes into the list.
  const auto beats = [&](size_t b, size_t from, size_t some) {
    const int64_t least = least_difference(planes + from * block, some, words, states + b * stride);
    return static_cast<double>(static_cast<int64_t>(neurons) - 2 * least) > lists[b].least();
  };
  for (size_t from = 0; from < whole; from += tile) {
    const size_t some = smaller(whole - from, tile);
    for (size_t b = 0; b < state_count; b++) {
      if (b % 64 == 0) heed_flag();
      if (!beats(b, from, some)) continue;
      // Few of its patterns do.
      for (size_t at = from; at < from + some; at += kTogether) {
        const size_t few = smaller(from + some - at, kTogether);
        if (beats(b, at, few)) look(b, at * kAbreast, (at + few) * kAbreast);
      }
    }
  }
  for (size_t b = 0; b < state_count; b++) {
    look(b, whole * kAbreast, count);
    lists[b].sort();
    for (size_t r = 0; r < lists[b].count; r++) {
      indices[b * k + r] = lists[b].entry[r].key;
      overlaps[b * k + r] = static_cast<int32_t>(lists[b].entry[r].value);
    }
  }
}

/// indices[b·k + r], overlaps[b·k + r]: the k patterns with the largest overlaps with state b, the largest
/// first and among equals the lower one, of these patterns and, where they are not the first, of those
/// before.
static void nearest(const uint32_t* planes, size_t count, size_t neurons, const uint32_t* states,
                    size_t state_count, size_t first, size_t k, uint32_t* indices, int32_t* overlaps) {
  if (k == 1) {
    nearest_one(planes, count, neurons, states, state_count, first, indices, overlaps);
    return;
  }
  const size_t some = kKeptEntries / k < 1 ? 1 : kKeptEntries / k;
  for (size_t b = 0; b < state_count; b += some) {
    nearest_few(planes, count, neurons, states + b * row_words(neurons), smaller(state_count - b, some),
                first, k, indices + b * k, overlaps + b * k);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_NEAREST_H_
