// Steepest descent: the mirror of src/kernels/reference/descent.ts.
#ifndef HOPFIELD_KERNELS_DESCENT_H_
#define HOPFIELD_KERNELS_DESCENT_H_

#include "kernels/flipping.h"

namespace hopfield {
namespace {

template <class Weight>
static void descend_all(const Memory& memory, const double* fields, uint32_t* rows, size_t count,
                        uint32_t max_flips, uint32_t* flips) {
  Workspace workspace;
  Minima minima;
  minima.take(memory.neurons, workspace);
  Flipping<Weight> state(memory, fields, minima.values, workspace);
  for (size_t b = 0; b < count; b++) {
    heed_flag();
    state.begin(rows + b * row_words(memory.neurons));
    minima.spoil_all();
    uint32_t done = 0;
    for (; done < max_flips; done++) {
      heed_flag(done, 256);
      minima.freshen();
      const double least = minima.smallest();
      if (!(least < 0)) break;
      state.flip(minima.place(least), [&minima](size_t i) { minima.spoil(i); });
    }
    flips[b] = done;
    count_done(1);
  }
}

static void descend(const Memory& memory, const double* fields, uint32_t* rows, size_t count,
                    uint32_t max_flips, uint32_t* flips) {
  with_weights(memory, [&](auto weight) {
    descend_all<decltype(weight)>(memory, fields, rows, count, max_flips, flips);
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_DESCENT_H_
