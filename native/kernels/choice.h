// Which kernel does a batch: the whole policy. One constant is the tier's own, Lookup::kLeastCues.
//
// How many times faster a cue is together than alone, synchronous / asynchronous, cues near their patterns,
// on a Sapphire Rapids, by hand (npm run bench -- batch-size prints N = 1024 and 4096, synchronous, anew):
//
//   cues                            2            4            16           64
//   amx         N = 64, P = 4       0.5 / 0.9    1.6 / 1.4    2.6 / 2.1    2.8 / 2.6
//               N = 1024, P = 51    1.3 / 1.0    1.7 / 1.1    2.4 / 1.2    3.2 / 1.3
//               N = 4096, P = 204   1.6 / 1.0    2.0 / 1.1    2.6 / 1.2    3.8 / 1.2
//   avx2        N = 1024, P = 51    1.5 / 1.1    2.2 / 1.1    2.8 / 1.1    3.0 / 1.2
//               N = 4096, P = 204   3.0 / 1.1    3.5 / 1.2    4.1 / 1.2    4.4 / 1.2
//   avx512-skx  N = 1024, P = 51    0.9 / 1.0    1.1 / 1.1    1.3 / 1.1    1.5 / 1.2
//   scalar      N = 1024, P = 51    0.7 / 0.9    0.9 / 1.0    1.2 / 1.1    1.2 / 1.1
//   any, dense  N = 1024, P = 100   1.4 / 1.5    2.6 / 2.3    4.8 / 3.2    8.5 / 3.7
//
// So four cues are enough where bytes are shuffled by an instruction, and sixteen where they are not. Within
// a batch the matrix unit takes over from 24 states and 128 neurons on (TileTogether::tiled): below, a square
// is half empty.
#ifndef HOPFIELD_KERNELS_CHOICE_H_
#define HOPFIELD_KERNELS_CHOICE_H_

#include "kernels/energy.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// Whether many recalls are faster together than one after the other.
static bool together_pays(const Memory& memory, size_t count) {
  // Sums of the batched kernels are 32 bits wide.
  return largest_field(memory) < 0x1p31 && count >= (memory.form == Form::kMatrix ? 4 : Lookup::kLeastCues);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_CHOICE_H_
