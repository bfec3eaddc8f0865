// Few visits of a call, and what was found of them. A program that recalls in a loop gives the same ones each
// time: to compare them with the last takes less than to look through them.
#ifndef HOPFIELD_ADDON_KEPT_VISITS_H_
#define HOPFIELD_ADDON_KEPT_VISITS_H_

#include <cstdint>
#include <cstring>

#include "addon/permutation.h"

namespace hopfield {

class KeptVisits {
 public:
  static constexpr size_t kMost = 256;

  /// Copies visits of a memory and looks through the copy, so that nobody else can write to it.
  void take(const uint32_t* given, size_t count, size_t neurons) {
    if (count == count_ && neurons == neurons_ && memcmp(visits_, given, count * sizeof(uint32_t)) == 0)
      return;
    memcpy(visits_, given, count * sizeof(uint32_t));
    count_ = count;
    neurons_ = neurons;
    misfit_ = 0;
    while (misfit_ < count && visits_[misfit_] < neurons) misfit_++;
    permutation_ = misfit_ == count && count == neurons && permutes(visits_, count);
  }

  const uint32_t* data() const { return visits_; }
  size_t count() const { return count_; }
  /// The first visit that is no neuron; their number if there is none.
  size_t misfit() const { return misfit_; }
  /// Whether they come to every neuron once.
  bool permutation() const { return permutation_; }

 private:
  uint32_t visits_[kMost];
  size_t count_ = 0, neurons_ = 0, misfit_ = 0;
  bool permutation_ = false;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_KEPT_VISITS_H_
