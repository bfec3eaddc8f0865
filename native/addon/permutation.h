// Whether a visiting order comes to every neuron once.
#ifndef HOPFIELD_ADDON_PERMUTATION_H_
#define HOPFIELD_ADDON_PERMUTATION_H_

#include <cstdint>
#include <memory>

namespace hopfield {

/// Whether `count` numbers below `count` are all of them. Beyond 65,536 nobody asks: the marks would push
/// what is read next out of the cache.
inline bool permutes(const uint32_t* indices, size_t count) {
  if (count > 65536) return false;
  const std::unique_ptr<uint8_t[]> seen(new uint8_t[count]());
  for (size_t k = 0; k < count; k++) seen[indices[k]] = 1;
  size_t found = 0;
  for (size_t k = 0; k < count; k++) found += seen[k];
  return found == count;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_PERMUTATION_H_
