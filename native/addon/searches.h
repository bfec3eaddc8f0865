// The searches of src/kernels/contract/searches.ts.
#ifndef HOPFIELD_ADDON_SEARCHES_H_
#define HOPFIELD_ADDON_SEARCHES_H_

#include "addon/contents.h"
#include "addon/handle.h"

namespace hopfield {

/// couplings, fields, neurons, fixed, prefix, out.
inline auto lowest_states(const Arguments& args) {
  const size_t neurons = args.size(2, 32);
  if (neurons == 0) args.fail(2, "at least one neuron");
  const size_t fixed = args.size(3, static_cast<double>(neurons < 6 ? 0 : neurons - 6));
  const size_t prefix = args.size(4, static_cast<double>((size_t{1} << fixed) - 1));
  const auto couplings = args.array<double>(0, neurons * neurons);
  const auto fields = args.array<double>(1, neurons);
  const auto out = args.array<double>(5, 3);
  return [=, tier = &args.tier()] {
    tier->lowest_states(couplings.data, fields.data, neurons, fixed, prefix, out.data);
  };
}

/// Argument 0: symmetric couplings.
inline const Memory& couplings_of(const Arguments& args) {
  const Memory& memory = handle_of(args, 0, Family::kPairwise).memory;
  if (memory.form != Form::kSparse && memory.form != Form::kMatrix) args.fail(0, "couplings");
  return memory;
}

/// Handle, fields or undefined, rows, count, most flips, flips.
struct DescentWork {
  static constexpr size_t kFlag = 7;

  const Tier* tier;
  const Memory* memory;
  const double* fields;
  uint32_t* rows;
  size_t count;
  uint32_t max_flips;
  uint32_t* flips;

  explicit DescentWork(const Arguments& args) : tier(&args.tier()), memory(&couplings_of(args)) {
    fields = args.optional_array<double>(2, memory->neurons).data;
    count = args.size(4, kMostPatterns);
    rows = args.array<uint32_t>(3, count * row_words(memory->neurons)).data;
    max_flips = static_cast<uint32_t>(args.size(5, 65536));
    flips = args.array<uint32_t>(6, count).data;
  }
  void run() const { tier->descend(*memory, fields, rows, count, max_flips, flips); }
};

inline napi_value descend(const Arguments& args) {
  DescentWork(args).run();
  return nullptr;
}

/// Handle, fields or undefined, row, best row, ends of tabu, first step, tenures, numbers.
struct TabuWork {
  static constexpr size_t kFlag = 9;

  const Tier* tier;
  const Memory* memory;
  const double* fields;
  uint32_t* row;
  uint32_t* best;
  uint32_t* until;
  uint32_t first;
  View<uint32_t> tenures;
  double* numbers;

  explicit TabuWork(const Arguments& args) : tier(&args.tier()), memory(&couplings_of(args)) {
    if (memory->neurons == 0) args.fail(0, "at least one neuron");
    fields = args.optional_array<double>(2, memory->neurons).data;
    row = args.array<uint32_t>(3, row_words(memory->neurons)).data;
    best = args.array<uint32_t>(4, row_words(memory->neurons)).data;
    until = args.array<uint32_t>(5, memory->neurons).data;
    first = static_cast<uint32_t>(args.size(6, kMostWord));
    tenures = args.array<uint32_t>(7, 0);
    numbers = args.array<double>(8, 3).data;
  }
  void run() const {
    tier->tabu(*memory, fields, row, best, until, first, tenures.data, tenures.length, numbers);
  }
};

inline napi_value tabu(const Arguments& args) {
  TabuWork(args).run();
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_SEARCHES_H_
