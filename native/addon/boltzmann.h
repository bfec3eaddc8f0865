// The kernels of src/kernels/contract/boltzmann.ts: their arguments by position. Each function checks them
// and returns what there is to do, here or on another thread (async.h). Numbers are copied.
#ifndef HOPFIELD_ADDON_BOLTZMANN_H_
#define HOPFIELD_ADDON_BOLTZMANN_H_

#include "addon/arguments.h"
#include "core/boltzmann.h"

namespace hopfield {

/// Units of a layer, 2^24, and rows of them: products stay below 2^57.
constexpr double kMostRows = 8589934592.0;
constexpr double kMostStream = 4503599627370496.0;  // 2^52

inline UnitKind kind_of(const Arguments& args, size_t at, double kind) {
  return static_cast<UnitKind>(args.whole(kind, 2, at));
}

/// Argument `at`: MACHINE.
inline MachineShape shape_of(const Arguments& args, size_t at) {
  const uint32_t* words = args.array<uint32_t>(at, 4).data;
  const MachineShape shape{args.whole(words[0], kMostSide, at), args.whole(words[1], kMostSide, at),
                           kind_of(args, at, words[2]), kind_of(args, at, words[3])};
  if (shape.visible == 0 || shape.hidden == 0) args.fail(at, "a unit in each layer");
  return shape;
}

/// Arguments 1 to 3: weights and biases.
struct MachineArrays {
  float *weights, *visible_biases, *hidden_biases;

  MachineArrays(const Arguments& args, const MachineShape& shape)
      : weights(args.array<float>(1, shape.visible * hidden_stride(shape.hidden)).data),
        visible_biases(args.array<float>(2, shape.visible).data),
        hidden_biases(args.array<float>(3, hidden_stride(shape.hidden)).data) {}
};

inline uint32_t word_of(const Arguments& args, size_t at, double x) {
  return static_cast<uint32_t>(args.whole(x, kMostWord, at));
}

/// shape, weights, hidden biases, visible rows, how many, means.
inline auto hidden_means(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const size_t stride = hidden_stride(shape.hidden), count = args.size(4, kMostRows);
  const float* weights = args.array<float>(1, shape.visible * stride).data;
  const float* biases = args.array<float>(2, stride).data;
  const float* visible = args.array<float>(3, count * shape.visible).data;
  float* out = args.array<float>(5, count * stride).data;
  return [=, tier = &args.tier()] { tier->hidden_means(shape, weights, biases, visible, count, out); };
}

/// shape, weights, visible biases, hidden rows, how many, means.
inline auto visible_means(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const size_t stride = hidden_stride(shape.hidden), count = args.size(4, kMostRows);
  const float* weights = args.array<float>(1, shape.visible * stride).data;
  const float* biases = args.array<float>(2, shape.visible).data;
  const float* hidden = args.array<float>(3, count * stride).data;
  float* out = args.array<float>(5, count * shape.visible).data;
  return [=, tier = &args.tier()] { tier->visible_means(shape, weights, biases, hidden, count, out); };
}

/// Argument `at`: WALK, of chains that make so many steps.
inline Walk walk_of(const Arguments& args, size_t at, size_t chains) {
  const double* numbers = args.array<double>(at, 5).data;
  return {{word_of(args, at, numbers[0]), word_of(args, at, numbers[1])},
          static_cast<uint32_t>(args.whole(numbers[2], kMostSweeps, at)),
          args.whole(numbers[3], kMostSweeps, at),
          args.whole(numbers[4], kMostStream, at),
          chains};
}

/// The machine, base, clamp, betas, walk, visible rows, hidden rows, means.
inline auto gibbs(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const MachineArrays machine(args, shape);
  const float* base = args.optional_array<float>(4, shape.visible).data;
  const uint8_t* clamp = args.optional_array<uint8_t>(5, shape.visible).data;
  const auto betas = args.array<double>(6, 0);
  const Walk walk = walk_of(args, 7, betas.length);
  float* visible = args.array<float>(8, betas.length * shape.visible).data;
  float* hidden = args.array<float>(9, betas.length * hidden_stride(shape.hidden)).data;
  float* means = args.optional_array<float>(10, betas.length * shape.visible).data;
  return [=, tier = &args.tier(), from = betas.data] {
    tier->gibbs(shape, machine.weights, machine.visible_biases, machine.hidden_biases, base, clamp, from,
                walk, visible, hidden, means);
  };
}

/// Argument 9: LESSON, of so many rows of data, of which so many are learned.
inline Lesson lesson_of(const Arguments& args, size_t data_rows, size_t rows) {
  const double* n = args.array<double>(9, 10).data;
  Lesson lesson{{word_of(args, 9, n[0]), word_of(args, 9, n[1])},
                static_cast<uint32_t>(args.whole(n[2], kMostSweeps, 9)),
                args.whole(n[3], kMostRows, 9),
                args.whole(n[4], kMostSweeps, 9),
                n[5],
                n[6],
                n[7],
                n[8],
                static_cast<ChainStart>(args.whole(n[9], 2, 9)),
                data_rows,
                rows};
  if (lesson.batch == 0 || (lesson.steps == 0 && lesson.chains != ChainStart::kGiven))
    args.fail(9, "a row a batch and a step");
  if (data_rows == 0 && rows != 0) args.fail(7, "a row");
  return lesson;
}

/// The machine, velocities, means, chains, data, order, lesson.
inline auto contrast(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const MachineArrays machine(args, shape);
  const size_t stride = hidden_stride(shape.hidden), width = shape.visible;
  const auto data = args.array<float>(7, 0);
  const auto order = args.array<uint32_t>(8, 0);
  const Lesson lesson = lesson_of(args, data.length / width, order.length);
  const size_t sum = width + stride;
  float* velocities = args.optional_array<float>(4, width * stride + sum).data;
  if (velocities == nullptr && lesson.momentum != 0) args.fail(4, "velocities");
  float* means = args.optional_array<float>(5, sum).data;
  if (means == nullptr && lesson.slide > 0) args.fail(5, "means");
  const size_t kept = lesson.chains == ChainStart::kKept
                          ? (lesson.batch < order.length ? lesson.batch : order.length) * stride
                      : lesson.chains == ChainStart::kGiven ? order.length * width
                                                            : 0;
  float* chains = args.optional_array<float>(6, kept).data;
  if (chains == nullptr && kept != 0) args.fail(6, "chains");
  return [=, tier = &args.tier()] {
    tier->contrast(shape, machine.weights, machine.visible_biases, machine.hidden_biases, velocities, means,
                   chains, data.data, order.data, lesson);
  };
}

/// The machine, base, betas, visible rows, how many, free energies.
inline auto free_energies(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const MachineArrays machine(args, shape);
  const size_t count = args.size(7, kMostRows);
  const float* base = args.optional_array<float>(4, shape.visible).data;
  const double* betas = args.optional_array<double>(5, count).data;
  const float* visible = args.array<float>(6, count * shape.visible).data;
  double* out = args.array<double>(8, count).data;
  return [=, tier = &args.tier()] {
    tier->free_energies(shape, machine.weights, machine.visible_biases, machine.hidden_biases, base, betas,
                        visible, count, out);
  };
}

/// The machine, base, betas, walk, visible rows, weights of chains.
inline auto importance(const Arguments& args) {
  const MachineShape shape = shape_of(args, 0);
  const MachineArrays machine(args, shape);
  const float* base = args.optional_array<float>(4, shape.visible).data;
  const auto betas = args.array<double>(5, 0);
  const auto out = args.array<double>(8, 0);
  Walk walk = walk_of(args, 6, out.length);
  walk.steps = betas.length;
  float* visible = args.array<float>(7, out.length * shape.visible).data;
  return [=, tier = &args.tier()] {
    tier->importance(shape, machine.weights, machine.visible_biases, machine.hidden_biases, base, betas.data,
                     walk, visible, out.data);
  };
}

/// couplings, biases, units, fields, others, kind, low, prefix, from, to, logarithms.
inline auto log_partitions(const Arguments& args) {
  const size_t units = args.size(2, 48), others = args.size(4, kMostSide);
  const double* couplings = args.array<double>(0, units * padded_stride(others)).data;
  const double* own = args.array<double>(1, units).data;
  const double* fields = args.array<double>(3, others).data;
  const UnitKind kind = kind_of(args, 5, args.number(5));
  const double low = args.number(6);
  const size_t prefix = args.size(7, static_cast<double>(units));
  if (units - prefix > kMostEnumerated) args.fail(7, "a longer prefix");
  const uint64_t to = args.integer(9, static_cast<double>(uint64_t{1} << prefix));
  const uint64_t from = args.integer(8, static_cast<double>(to));
  double* out = args.array<double>(10, static_cast<size_t>(to - from)).data;
  return [=, tier = &args.tier()] {
    tier->log_partitions(couplings, own, units, fields, others, kind, low, prefix, from, to, out);
  };
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_BOLTZMANN_H_
