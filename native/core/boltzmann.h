// Restricted Boltzmann machines: shapes and requests of src/kernels/contract/boltzmann.ts.
#ifndef HOPFIELD_CORE_BOLTZMANN_H_
#define HOPFIELD_CORE_BOLTZMANN_H_

#include "core/layout.h"

namespace hopfield {

enum class UnitKind { kBinary = 0, kBipolar = 1, kGaussian = 2 };

struct MachineShape {
  size_t visible;
  size_t hidden;
  UnitKind visible_kind;
  UnitKind hidden_kind;
};

/// Units of a hidden row in memory.
constexpr size_t hidden_stride(size_t hidden) { return (hidden + 15) / 16 * 16; }

/// Most units that one call of log_partitions goes through, each of them both ways.
constexpr size_t kMostEnumerated = 12;

/// `stream`: chain b draws under query stream + b.
struct Walk {
  uint32_t seed[2];
  uint32_t first_sweep;
  size_t steps;  ///< of gibbs; of importance as many as there are betas
  uint64_t stream;
  size_t chains;
};

enum class ChainStart { kData = 0, kKept = 1, kGiven = 2 };

struct Lesson {
  uint32_t seed[2];
  uint32_t first_sweep;
  size_t batch;
  size_t steps;
  double rate;
  double momentum;
  double decay;
  double slide;
  ChainStart chains;
  size_t data_rows;  ///< at least one
  size_t rows;       ///< how many `order` names
};

}  // namespace hopfield

#endif  // HOPFIELD_CORE_BOLTZMANN_H_
