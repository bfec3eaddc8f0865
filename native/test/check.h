// Shared by the tests: digests, and the tiers that this processor runs.
#ifndef HOPFIELD_TEST_CHECK_H_
#define HOPFIELD_TEST_CHECK_H_

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/batch.h"

/// What the TypeScript reference wrote down. The tests run in the root of the clone.
constexpr const char* kVectors = "test/vectors/kernels.json";

/// FNV-1a, 64 bits, in hexadecimal.
inline std::string digest(const void* data, size_t bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < bytes; i++)
    hash = (hash ^ static_cast<const unsigned char*>(data)[i]) * 0x100000001b3u;
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

template <class T>
std::string digest(const std::vector<T>& values) {
  return digest(values.data(), values.size() * sizeof(T));
}

/// HOPFIELD_BRIEFLY in the environment: an emulated processor takes long, and is asked only about its best
/// tier and some of the vectors: each shape, kernel and form.
inline bool briefly() { return std::getenv("HOPFIELD_BRIEFLY") != nullptr; }

inline std::vector<const hopfield::Tier*> usable_tiers() {
  size_t count;
  const hopfield::Tier* const* all = hopfield::tiers(&count);
  std::vector<const hopfield::Tier*> usable;
  for (size_t t = 0; t < count; t++) {
    if (all[t]->usable() && !(briefly() && usable.size() == 1)) usable.push_back(all[t]);
  }
  return usable;
}

struct Trace : hopfield::Recorder {
  std::vector<double> energies;
  std::vector<uint32_t> flips;
  std::vector<int32_t> overlaps;
  void energy(double value) override { energies.push_back(value); }
  void flip(uint32_t neuron) override { flips.push_back(neuron); }
  void sweep(const int32_t* values, size_t count) override {
    overlaps.insert(overlaps.end(), values, values + count);
  }
};

#endif  // HOPFIELD_TEST_CHECK_H_
