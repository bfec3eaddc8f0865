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

}  // namespace hopfield
