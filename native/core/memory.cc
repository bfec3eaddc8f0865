#include "core/memory.h"

namespace hopfield {

namespace {

int64_t sum_of_magnitudes(const int32_t* weights, size_t count) {
  int64_t sum = 0;
  for (size_t k = 0; k < count; k++) sum += weights[k] < 0 ? -static_cast<int64_t>(weights[k]) : weights[k];
  return sum;
}

}  // namespace

double largest_row(const Memory& memory) {
  const int32_t* weights = memory.weights_as<int32_t>();
  int64_t most = 0;
  for (size_t i = 0; i < memory.neurons; i++) {
    const size_t at = i * padded_stride(memory.neurons);
    const Places row = memory.form == Form::kSparse ? memory.sparse.row(i) : Places{at, at + memory.neurons};
    const int64_t sum = sum_of_magnitudes(weights + row.from, row.end - row.from);
    most = sum > most ? sum : most;
  }
  return static_cast<double>(most);
}

bool shorten(const Memory& memory, uint16_t* sources, int8_t* weights) {
  constexpr uint32_t kMostSource = UINT16_MAX;
  if (memory.neurons > size_t{kMostSource} + 1) return false;
  const int32_t* from = memory.weights_as<int32_t>();
  const uint32_t last = static_cast<uint32_t>(memory.neurons - 1);
  uint32_t beyond = 0;
  for (size_t k = 0; k < memory.sparse.length; k++) {
    const uint32_t source = memory.sparse.sources[k];
    const int32_t weight = from[k];
    sources[k] = static_cast<uint16_t>(source < last ? source : last);
    weights[k] = static_cast<int8_t>(weight);
    beyond |= (static_cast<uint32_t>(weight) + 128) & ~255u;
  }
  return beyond == 0;
}

}  // namespace hopfield
