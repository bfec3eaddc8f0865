// Connections by a rule: where chance leads them, and lists of them in ascending order.
#ifndef HOPFIELD_KERNELS_CONNECTING_H_
#define HOPFIELD_KERNELS_CONNECTING_H_

#include "flag.h"
#include "kernels/random.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// Sixteen queries side by side: all but a few need no more than their first block.
static void rewired(const uint32_t seed[2], uint32_t sweep, uint64_t query, double chance, uint32_t bound,
                    uint32_t* out, size_t count) {
  alignas(64) uint32_t low[16], high[16], words[256];
  const PhiloxKeys keys(seed);
  for (size_t from = 0; from < count; from += 16) {
    heed_flag(from / 16, 4096);
    for (size_t l = 0; l < 16; l++) {
      low[l] = static_cast<uint32_t>(query + from + l);
      high[l] = static_cast<uint32_t>((query + from + l) >> 32);
    }
    philox_across(keys, 0, sweep, low, high, words);
    for (size_t l = 0; l < smaller(count - from, 16); l++) {
      const uint64_t bits = uniform_bits(words[l], words[64 + l]);
      const uint64_t product = static_cast<uint64_t>(words[128 + l]) * bound;
      uint32_t to = static_cast<uint32_t>(product >> 32);
      if (static_cast<uint32_t>(product) < bound) {
        WordStream stream(seed, sweep, query + from + l);
        stream.word();
        stream.word();
        to = stream.bounded(bound);
      }
      out[from + l] = static_cast<double>(bits) * 0x1p-53 < chance ? to + 1 : 0;
    }
  }
}

static void insert_each(uint32_t* list, size_t length) {
  for (size_t k = 1; k < length; k++) {
    const uint32_t x = list[k];
    size_t at = k;
    for (; at > 0 && list[at - 1] > x; at--) list[at] = list[at - 1];
    list[at] = x;
  }
}

/// Numbers of about the same size side by side first, so that few of them have far to go. Those of a ring
/// are in order already, and stay so.
static void ascend_few(uint32_t* list, size_t length, uint32_t* scratch) {
  constexpr size_t kParts = 128;
  uint32_t least = list[0], most = list[0];
  for (size_t k = 0; k < length; k++) {
    least = list[k] < least ? list[k] : least;
    most = list[k] > most ? list[k] : most;
  }
  unsigned shift = 0;
  while (((most - least) >> shift) >= kParts) shift++;
  uint16_t places[kParts + 1] = {};
  for (size_t k = 0; k < length; k++) places[((list[k] - least) >> shift) + 1]++;
  for (size_t p = 1; p < kParts; p++) places[p] = static_cast<uint16_t>(places[p] + places[p - 1]);
  for (size_t k = 0; k < length; k++) scratch[places[(list[k] - least) >> shift]++] = list[k];
  memcpy(list, scratch, length * sizeof(uint32_t));
  insert_each(list, length);
}

/// Bytes from the lowest to the highest.
static void ascend_many(uint32_t* list, size_t length, uint32_t* scratch) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    size_t places[257] = {};
    for (size_t k = 0; k < length; k++) places[((list[k] >> shift) & 255) + 1]++;
    for (size_t p = 1; p < 256; p++) places[p] += places[p - 1];
    for (size_t k = 0; k < length; k++) scratch[places[(list[k] >> shift) & 255]++] = list[k];
    uint32_t* const sorted = scratch;
    scratch = list;
    list = sorted;
  }
}

static void ascend(const uint32_t* starts, size_t count, uint32_t* items, size_t length, uint32_t* repeated) {
  constexpr size_t kAlready = 8, kFew = 512;
  memset(repeated, 0, (count + 31) / 32 * sizeof(uint32_t));
  size_t longest = 0;
  for (size_t k = 0; k < count; k++) longest = larger(longest, starts[k + 1] - starts[k]);
  Workspace workspace;
  uint32_t* scratch = workspace.take<uint32_t>(smaller(longest, length));
  for (size_t k = 0; k < count; k++) {
    heed_flag(k, 1024);
    const size_t end = smaller(starts[k + 1], length), from = smaller(starts[k], end);
    uint32_t* list = items + from;
    const size_t many = smaller(end - from, longest);
    if (many <= kAlready) {
      insert_each(list, many);
    } else if (many <= kFew) {
      ascend_few(list, many, scratch);
    } else {
      ascend_many(list, many, scratch);
    }
    bool twice = false;
    for (size_t at = 1; at < many; at++) twice |= list[at] == list[at - 1];
    repeated[k / 32] |= static_cast<uint32_t>(twice) << (k % 32);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_CONNECTING_H_
