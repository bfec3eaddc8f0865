// The k best of many keys, as a heap whose root is the first to go.
#ifndef HOPFIELD_KERNELS_SHORTLIST_H_
#define HOPFIELD_KERNELS_SHORTLIST_H_

#include "core/layout.h"

namespace hopfield {
namespace {

struct Shortlist {
  /// By `value`, and among equals the lower key; `similarity` is what the value was made of.
  struct Entry {
    double value, similarity;
    uint32_t key;
    /// Whether this one goes before the other.
    bool worse(const Entry& other) const {
      return value < other.value || (value == other.value && key > other.key);
    }
  };

  Entry* entry;
  size_t most;
  size_t count = 0;

  Shortlist(Entry* room, size_t k) : entry(room), most(k) {}

  /// What a key must at least have.
  double least() const { return count < most ? -HUGE_VAL : entry[0].value; }

  void offer(const Entry& given) {
    if (count < most) {
      size_t at = count++;
      for (; at > 0 && given.worse(entry[(at - 1) / 2]); at = (at - 1) / 2) entry[at] = entry[(at - 1) / 2];
      entry[at] = given;
    } else if (entry[0].worse(given)) {
      sink(given, count);
    }
  }

  /// The best first. After that it is no heap any more.
  void sort() {
    for (size_t left = count; left > 1;) {
      const Entry last = entry[--left], first = entry[0];
      sink(last, left);
      entry[left] = first;
    }
  }

 private:
  /// In place of the root, of a heap of `size`.
  void sink(const Entry& given, size_t size) {
    size_t at = 0;
    for (size_t below; (below = 2 * at + 1) < size; at = below) {
      if (below + 1 < size && entry[below + 1].worse(entry[below])) below++;
      if (!entry[below].worse(given)) break;
      entry[at] = entry[below];
    }
    entry[at] = given;
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_SHORTLIST_H_
