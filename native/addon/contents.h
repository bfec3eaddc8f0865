// What the contents of arrays must be so that no kernel leaves its arrays: looked at once, when a handle is
// made.
#ifndef HOPFIELD_ADDON_CONTENTS_H_
#define HOPFIELD_ADDON_CONTENTS_H_

#include <memory>

#include "addon/arguments.h"

namespace hopfield {

/// Whether the padding bits of `count` rows of n neurons are zero. Overlaps are then within ±n.
inline bool clean_rows(const uint32_t* rows, size_t count, size_t neurons) {
  const size_t words = row_words(neurons), used = neurons / 32;
  if (used == words) return true;
  const uint32_t first = ~((1u << (neurons % 32)) - 1);
  uint32_t dirty = 0;
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    dirty |= row[used] & first;
    for (size_t k = used + 1; k < words; k++) dirty |= row[k];
  }
  return dirty == 0;
}

/// n + 1 numbers from 0, none smaller than the one before.
inline bool ascending(const uint32_t* starts, size_t n) {
  bool rises = starts[0] == 0;
  for (size_t i = 0; i < n; i++) rises &= starts[i] <= starts[i + 1];
  return rises;
}

inline bool all_below(const uint32_t* indices, size_t count, size_t end) {
  uint32_t most = 0;
  for (size_t k = 0; k < count; k++) most = indices[k] > most ? indices[k] : most;
  return count == 0 || most < end;
}

/// Whether columns are the transpose of rows: then a flip moves every overlap as the rows would.
inline bool agree(const Tier& tier, const uint32_t* rows, const uint32_t* columns, size_t count,
                  size_t neurons) {
  const size_t words = neurons * column_words(count);
  if (words == 0) return true;
  const std::unique_ptr<uint32_t[]> own(new uint32_t[words]);
  tier.transpose(rows, count, neurons, own.get());
  return memcmp(own.get(), columns, words * sizeof(uint32_t)) == 0;
}

/// States of a call, with clean padding: the caller's own, or copies.
class CleanStates {
 public:
  CleanStates(const uint32_t* states, size_t count, size_t neurons) : data_(states) {
    if (clean_rows(states, count, neurons)) return;
    const size_t words = row_words(neurons);
    own_.reset(new uint32_t[count * words]);
    memcpy(own_.get(), states, count * words * sizeof(uint32_t));
    for (size_t b = 0; b < count; b++) clear_padding(own_.get() + b * words, neurons);
    data_ = own_.get();
  }
  const uint32_t* data() const { return data_; }

 private:
  const uint32_t* data_;
  std::unique_ptr<uint32_t[]> own_;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_CONTENTS_H_
