// The core's own vocabulary: what a tier computes and on what. No Node headers here, so the core also builds
// as a plain test program, under sanitizers and for other processors. Notation and layout are those of
// src/kernels/contract/kernels.ts and src/kernels/contract/layout.ts.
#ifndef HOPFIELD_CORE_H_
#define HOPFIELD_CORE_H_

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recorder.h"
#include "workspace.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed rows are shared with JavaScript as little-endian words"
#endif

#if defined(_MSC_VER)
#define HOPFIELD_NOINLINE __declspec(noinline)
#else
#define HOPFIELD_NOINLINE __attribute__((noinline))
#endif

namespace hopfield {

constexpr size_t kBlockBits = 512;
constexpr size_t kBlockWords = kBlockBits / 32;

/// 512-bit blocks a row of N neurons.
constexpr size_t row_blocks(size_t neurons) { return (neurons + kBlockBits - 1) / kBlockBits; }
/// 32-bit words a row of N neurons.
constexpr size_t row_words(size_t neurons) { return row_blocks(neurons) * kBlockWords; }
/// 32-bit words a column of P patterns.
constexpr size_t column_words(size_t patterns) { return (patterns + 63) / 64 * 2; }

/// 32-bit words of P patterns of N neurons in planes.
constexpr size_t plane_words(size_t patterns, size_t neurons) {
  return (patterns + 7) / 8 * ((neurons + 63) / 64) * 16;
}

/// Numbers a row of N weights of graded neurons.
constexpr size_t padded_stride(size_t neurons) { return (neurons + 7) / 8 * 8; }

enum class Order { kRandom = 0, kCyclic = 1, kRandomSite = 2, kExplicit = 3 };
enum class Tie { kPositive = 0, kNegative = 1, kKeep = 2 };

/// kPatterns: implicit or dense integers, or tables.
enum class Shape { kPatterns = 0, kCoupled = 1, kMatrix = 2, kBits = 3, kSparse = 4 };
enum class Coupling { kDiagonal = 0, kMatrix = 1, kCentred = 2, kShift = 3 };

/// One of the forms of src/kernels/contract/kernels.ts.
struct Memory {
  bool dense;
  size_t neurons;
  size_t count;
  const uint32_t* rows;              ///< count × row_words(neurons)
  const uint32_t* columns;           ///< neurons × column_words(count); implicit and asynchronous, or tables
  const int32_t* weights;            ///< neurons × neurons; dense only
  const double* fields = nullptr;    ///< neurons + 2; not null says that patterns vote by tables
  const double* energies = nullptr;  ///< neurons + 1
  double beta = 0;                   ///< above 0 where the tables are relative to the largest overlap
  Shape shape = Shape::kPatterns;
  Coupling coupling = Coupling::kDiagonal;
  size_t lag = 0;  ///< at most count
  bool cyclic = false;
  const double* couplings = nullptr;     ///< count, or count × padded_stride(count)
  const double* self_weights = nullptr;  ///< neurons
  const double* responses = nullptr;     ///< neurons × padded_stride(count)
  const int32_t* whole = nullptr;        ///< weights of a matrix or of connections, in one of three types
  const float* single = nullptr;
  const double* real = nullptr;
  const uint32_t* bits = nullptr;           ///< neurons × row_words(neurons)
  const uint32_t* starts = nullptr;         ///< neurons + 1, ascending
  const uint32_t* sources = nullptr;        ///< starts[neurons], each below neurons
  const uint32_t* target_starts = nullptr;  ///< the same by where connections lead, or null
  const uint32_t* targets = nullptr;
  const int32_t* target_weights = nullptr;
};

struct Plan {
  bool synchronous;
  Order order;
  Tie tie;
  uint32_t max_sweeps;
  uint32_t seed[2];
  double scale;
  const uint32_t* visits;  ///< explicit order, each below neurons
  size_t visit_count;
  const double* external_field;  ///< neurons values, or null
  const uint32_t* clamp;         ///< row_words(neurons) words, or null
  const double* temperatures;    ///< of each sweep, the last from there on; or null
  size_t temperature_count;
  uint32_t first_sweep;
};

enum class Activation { kTanh = 0, kLogistic = 1 };
enum class Method { kEuler = 0, kRk4 = 1 };

/// GradedNetwork of kernels.ts.
struct GradedNetwork {
  size_t neurons;
  const double* weights;         ///< neurons × padded_stride(neurons)
  const double* external_field;  ///< neurons values, or null
  Activation activation;
  double gain;
  double rate;
};

struct IntegrationPlan {
  Method method;
  bool adaptive;
  double step;
  double accuracy;
  double tolerance;
  uint32_t max_steps;
};

/// One row of INTEGRATION in kernels.ts.
struct Integrated {
  double end;
  double steps;
  double time;
  double energy;
};

/// One row of OUTCOME in kernels.ts.
struct Outcome {
  double sweeps;
  double flips;
  double energy;
  double cycle;
};

/// Indices in one long array, a list for each of many; `length` of them in all.
struct Lists {
  const uint32_t* starts;
  const uint32_t* items;
  size_t length;
};

/// CodeMemory of kernels.ts.
struct CodeMemory {
  size_t inputs;
  size_t outputs;
  bool automatic;           ///< output units are the input units
  const uint32_t* weights;  ///< inputs × row_words(outputs), or null: covariance
  size_t count;
  double activity;
  Lists patterns;        ///< of each input unit
  Lists units;           ///< of each pattern, output units
  const double* shares;  ///< outputs: how many patterns have it
};

/// CodePlan of kernels.ts.
struct CodePlan {
  double threshold;  ///< NaN: the memory's own
  double winners;    ///< or so many in its place; −1: none
  uint32_t steps;
};

/// PairMemory of kernels.ts.
struct PairMemory {
  size_t count;
  size_t inputs;
  size_t outputs;
  const uint32_t* xs;  ///< count × row_words(inputs)
  const uint32_t* ys;  ///< count × row_words(outputs)
};

/// How a pair of states came to rest.
struct Settled {
  double steps;
  double converged;
  double energy;
};

enum class Similarity { kDot = 0, kCosine = 1, kEuclidean = 2 };
enum class Separator { kSoftmax = 0, kSparsemax = 1, kEntmax15 = 2 };

/// KeyMemory of kernels.ts.
struct KeyMemory {
  size_t count;
  size_t dimension;
  size_t width;
  const float* keys;      ///< count × dimension
  const float* values;    ///< count × width
  const double* scales;   ///< count, or null
  const double* offsets;  ///< count, or null
  double largest_norm;
  const uint8_t* screen;  ///< ⌊count/64⌋ tiles, or null
};

struct RetrievalPlan {
  double beta;
  Similarity similarity;
  Separator separator;
};

/// One instruction-set tier: the same kernels as src/kernels/contract/kernels.ts, each a plain function; null
/// where not usable.
struct Tier {
  const char* name;
  const char* description;
  bool (*usable)();
  bool refused;  ///< the processor has it, the operating system will not let this process use it
  int64_t (*pack)(const int8_t* states, size_t count, size_t neurons, uint32_t* rows);
  void (*unpack)(const uint32_t* rows, size_t count, size_t neurons, int8_t* states);
  void (*transpose)(const uint32_t* rows, size_t count, size_t neurons, uint32_t* columns);
  void (*overlaps)(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* states,
                   size_t state_count, int32_t* out);
  void (*interleave)(const uint32_t* rows, size_t count, size_t neurons, uint32_t* planes);
  /// At least one pattern.
  void (*nearest)(const uint32_t* planes, size_t count, size_t neurons, const uint32_t* states,
                  size_t state_count, size_t first, uint32_t* indices, int32_t* overlaps);
  /// Units in `active` are input units that `weights` has a row of row_words(outputs) words for.
  void (*willshaw_store)(uint32_t* weights, size_t outputs, const uint32_t* active, size_t active_count,
                         const uint32_t* row);
  /// Indices are looked at before they are used; cues have room for `unit_count` units.
  void (*recall_codes)(const CodeMemory& memory, const uint32_t* starts, const uint32_t* units,
                       size_t unit_count, size_t count, const CodePlan& plan, uint32_t* rows,
                       uint32_t* outcomes);
  void (*hebbian)(const uint32_t* columns, size_t count, size_t neurons, int sign, bool fresh,
                  int32_t* weights);
  void (*implicit_fields)(const uint32_t* rows, size_t count, size_t neurons, const int32_t* overlaps,
                          const uint32_t* state, double* out);
  void (*dense_fields)(const int32_t* weights, size_t neurons, const uint32_t* state, double* out);
  void (*local_fields)(const Memory& memory, const uint32_t* state, double* out);
  double (*implicit_quadratic)(const int32_t* overlaps, size_t count, size_t neurons);
  double (*dense_quadratic)(const double* fields, size_t neurons, const uint32_t* state);
  double (*external_dot)(const double* external_field, size_t neurons, const uint32_t* state);
  /// Any number of words, from draw 0 on.
  void (*philox)(const uint32_t seed[2], uint32_t sweep, uint32_t query_low, uint32_t query_high,
                 uint32_t* out, size_t words);
  /// Q of each of `state_count` packed states.
  void (*quadratics)(const Memory& memory, const uint32_t* states, size_t state_count, double* out);
  void (*graded_slopes)(const GradedNetwork& network, const double* potentials, size_t count, double* outputs,
                        double* slopes);
  void (*graded_energies)(const GradedNetwork& network, const double* outputs, size_t count, double* out);
  /// `potentials` are the first before and the last after; `recorder`, or null, for a lone one.
  void (*integrate)(const GradedNetwork& network, const IntegrationPlan& plan, double* potentials,
                    size_t count, double* outputs, Integrated* outcomes, IntegrationRecorder* recorder);
  /// `count` whole recalls at once, each with the result of `recall` alone; `queries` one a cue.
  void (*recall_many)(const Memory& memory, const Plan& plan, const uint64_t* queries, uint32_t* states,
                      size_t count, Outcome* outcomes);
  /// One whole recall; `state` (row_words words, clean padding) is the cue before and the outcome after.
  void (*recall)(const Memory& memory, const Plan& plan, uint64_t query, uint32_t* state, Outcome* outcome,
                 Recorder* recorder, Workspace& workspace);
  void (*bidirectional)(const PairMemory& pairs, uint32_t* xs, uint32_t* ys, size_t count,
                        const uint8_t* from_y, uint32_t max_steps, Settled* outcomes);
  void (*key_norms)(const float* keys, size_t count, size_t dimension, double* norms);
  /// Bytes of a tile of 64 keys; 0 where dimension is too large for one.
  size_t (*screen_bytes)(size_t dimension);
  /// Tiles from…end.
  void (*screen)(const KeyMemory& memory, uint8_t* to, size_t from, size_t end);
  void (*logits)(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                 double* out);
  /// `mask` and `out` may be null.
  void (*retrieve)(const KeyMemory& memory, const RetrievalPlan& plan, const float* queries, size_t count,
                   const uint8_t* mask, float* out, double* potentials);
  void (*storkey)(const uint32_t* rows, size_t count, size_t neurons, double* weights);
  void (*rank_one)(const uint32_t* state, size_t neurons, double factor, double* weights, bool diagonal);
  /// Returns how many of `count` went in.
  size_t (*border)(const uint32_t* rows, size_t known, size_t count, size_t neurons, double tolerance,
                   double* inverse, size_t stride, double* coefficients);
  /// At least one pattern.
  void (*retire)(double* inverse, size_t stride, size_t count, size_t index);
  /// `out` and `diagonal` may be null.
  void (*responses)(const double* matrix, size_t stride, const uint32_t* columns, size_t count,
                    size_t neurons, double* out, double* diagonal);
  void (*perceptron)(const uint32_t* rows, size_t count, size_t neurons, double kappa, uint32_t max_epochs,
                     int32_t* weights, uint32_t* epochs);
  void (*bounded)(const uint32_t* rows, size_t count, size_t neurons, int32_t limit, int32_t* weights);
  void (*clipped)(const uint32_t* columns, size_t count, size_t neurons, bool positive, uint32_t* signs);
};

/// Every tier this build has, best first; the last is always "scalar".
const Tier* const* tiers(size_t* count);
/// By exact name; null if this build has none of that name.
const Tier* find_tier(const char* name);

/// The cues of one call and where their outcomes go. Cues and states are bytes (±1) or packed rows, each as
/// it likes; the other pointer is null.
struct Batch {
  const int8_t* cue_bytes;
  const uint32_t* cue_rows;
  int8_t* state_bytes;
  uint32_t* state_rows;
  Outcome* outcomes;
  size_t count;
  uint64_t stream;        ///< query index of the first cue; the others follow
  const double* streams;  ///< or the query index of each, whole numbers; or null
};

/// Returns the index of the first byte that is not ±1, or −1.
int64_t recall_batch(const Tier& tier, const Memory& memory, const Plan& plan, const Batch& batch);

/// One packed cue, written down on the way.
void recall_traced(const Tier& tier, const Memory& memory, const Plan& plan, uint64_t query,
                   const uint32_t* cue, uint32_t* state, Outcome* outcome, Recorder* recorder);

/// Zeroes the padding bits of a row, whatever they were.
void clear_padding(uint32_t* row, size_t neurons);

}  // namespace hopfield

#endif  // HOPFIELD_CORE_H_
