// The memories of ±1 networks: Memory of src/kernels/contract/, with the same words.
#ifndef HOPFIELD_CORE_MEMORY_H_
#define HOPFIELD_CORE_MEMORY_H_

#include "core/layout.h"

namespace hopfield {

/// How the weights J are given. Decides, with Number, which of a Memory's other members have a meaning.
enum class Form {
  kImplicit = 0,    ///< J = ΞᵀΞ − P·1, never formed
  kCoupled = 1,     ///< J = ΞᵀAΞ, never formed
  kMatrix = 2,      ///< N rows of padded_stride(N) numbers
  kBits = 3,        ///< J_ij = ±1, one bit each
  kSparse = 4,      ///< weights of few connections, in compressed rows
  kInteraction = 5  ///< patterns vote by a function of their overlap
};
enum class Number { kInt32 = 0, kFloat32 = 1, kFloat64 = 2 };
enum class Coupling { kDiagonal = 0, kMatrix = 1, kCentred = 2, kShift = 3 };

/// kCoupled: A, and what each neuron would tell itself.
struct CoupledWeights {
  Coupling coupling;
  size_t lag;  ///< at most count
  bool cyclic;
  const double* couplings;     ///< kDiagonal: count; kMatrix: count × padded_stride(count)
  const double* self_weights;  ///< neurons
  const double* responses;     ///< kMatrix, asynchronous: neurons × padded_stride(count)
};

/// Places in the arrays of connections, from … end − 1.
struct Places {
  size_t from, end;
};

/// kSparse: where the connections lie; their weights are Memory::weights. Numbers that say where to look may
/// lie in memory that other threads write after they were checked, so kernels look no further than the arrays
/// go.
struct SparseConnections {
  const uint32_t* starts;   ///< neurons + 1, ascending from 0
  const uint32_t* sources;  ///< `length`, each below neurons
  size_t length;
  const uint32_t* target_starts;  ///< the same by where connections lead; null where fields are not carried
  const uint32_t* targets;
  const int32_t* target_weights;
  size_t target_length;
  /// Sources and weights again, where three bytes hold both, in memory of the handle's own: whoever needs all
  /// fields reads every connection, and waits for memory. Null where there is no such copy.
  const uint16_t* short_sources;
  const int8_t* short_weights;

  Places row(size_t i) const { return within(starts, i, length); }
  Places target_row(size_t i) const { return within(target_starts, i, target_length); }

 private:
  static Places within(const uint32_t* from, size_t i, size_t length) {
    const size_t first = from[i], last = from[i + 1], end = last < length ? last : length;
    return {first < end ? first : end, end};
  }
};

/// kInteraction: the function of the overlap, as tables.
struct InteractionTables {
  const double* fields;    ///< neurons + 2
  const double* energies;  ///< neurons + 1
  double beta;             ///< above 0 where the tables are relative to the largest overlap
};

struct Shelf;

struct Memory {
  Form form;
  Number number;  ///< of weights: kMatrix; kSparse, where it is kInt32 or kFloat64
  size_t neurons;
  size_t count;
  const uint32_t* rows;  ///< count × row_words(neurons)
  const uint32_t*
      columns;  ///< neurons × column_words(count): kInteraction; kImplicit and kCoupled, asynchronous
  const uint8_t* indices;        ///< kImplicit: what the same tier's index_patterns wrote, or null
  const int8_t* byte_couplings;  ///< kImplicit, asynchronous: what `couple` wrote, or null
  /// kMatrix: neurons × padded_stride(neurons) numbers; kSparse: starts[neurons] numbers; kBits: neurons ×
  /// row_words(neurons) words
  const void* weights;
  bool symmetric;  ///< kMatrix: J_ij = J_ji and J_ii = 0
  double largest;  ///< kMatrix and kSparse in kInt32: what largest_row says
  CoupledWeights coupled;
  SparseConnections sparse;
  /// kCoupled, kSparse: k of fields unit·h_i + k_i, one a neuron; null for none.
  const double* constants;
  double unit;
  InteractionTables interaction;
  /// Where kernels keep what they make of a matrix, of connections or of patterns; null where nothing is
  /// kept.
  Shelf* shelf;

  template <class T>
  const T* weights_as() const {
    return static_cast<const T*>(weights);
  }
};

/// The largest Σ_j |J_ij| of a neuron, which no field can exceed: of a matrix or of connections in kInt32.
double largest_row(const Memory& memory);

/// Copies sources and weights of kInt32 connections. False where they do not fit.
bool shorten(const Memory& memory, uint16_t* sources, int8_t* weights);

}  // namespace hopfield

#endif  // HOPFIELD_CORE_MEMORY_H_
