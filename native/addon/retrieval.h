// The retrievals of src/kernels/native/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_RETRIEVAL_H_
#define HOPFIELD_ADDON_RETRIEVAL_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/recall.h"
#include "core/tier.h"

namespace hopfield {

constexpr double kMostDimension = 16777216.0;  // 2^24: times 2^33 keys stays below 2^64

/// Arguments 0…8: count, dimension, width, keys, values, scales, offsets, screen, and the control block.
struct RetrievalWork {
  static constexpr const char* kName = "hopfield.retrieve";

  const Tier* tier;
  KeyMemory memory{};
  RetrievalPlan plan{};
  const float* queries;
  size_t count;
  const uint8_t* mask = nullptr;
  float* out = nullptr;
  double* potentials;

  /// 9…13: queries, how many, mask, out, potentials.
  explicit RetrievalWork(const Arguments& args) : RetrievalWork(args, Shared{}) {
    if (!args.is_undefined(11)) mask = args.array<uint8_t>(11, count * memory.count).data;
    if (!args.is_undefined(12)) out = args.array<float>(12, count * memory.width).data;
    potentials = args.array<double>(13, 2 * count).data;
  }

  void run() const { tier->retrieve(memory, plan, queries, count, mask, out, potentials); }

 protected:
  struct Shared {};

  RetrievalWork(const Arguments& args, Shared) : tier(&tier_of(args)) {
    memory.count = args.size(0, kMostPatterns);
    memory.dimension = args.size(1, kMostDimension);
    memory.width = args.size(2, kMostDimension);
    if (memory.count == 0) args.fail(0, "at least one key");
    if (memory.dimension == 0) args.fail(1, "at least one dimension");
    memory.keys = args.array<float>(3, memory.count * memory.dimension).data;
    memory.values = args.array<float>(4, memory.count * memory.width).data;
    if (!args.is_undefined(5)) memory.scales = args.array<double>(5, memory.count).data;
    if (!args.is_undefined(6)) memory.offsets = args.array<double>(6, memory.count).data;
    const auto screen = args.array<uint8_t>(7, 0);
    const size_t bytes = memory.count / 64 * tier->screen_bytes(memory.dimension);
    if (screen.length > 0 && screen.length < bytes) args.fail(7, "a longer array");
    // Their facts are floats.
    if (screen.length > 0 && bytes > 0 && reinterpret_cast<uintptr_t>(screen.data) % 4 == 0)
      memory.screen = screen.data;
    const double* control = args.array<double>(8, 4).data;
    if (!(control[1] >= 0 && control[1] <= 2 && control[2] >= 0 && control[2] <= 2)) {
      args.fail(8, "a valid control block");
    }
    plan.beta = control[0];
    plan.similarity = static_cast<Similarity>(static_cast<int>(control[1]));
    plan.separator = static_cast<Separator>(static_cast<int>(control[2]));
    memory.largest_norm = control[3];
    count = args.size(10, kMostPatterns);
    queries = args.array<float>(9, count * memory.dimension).data;
  }
};

/// As RetrievalWork up to 10; 11 is the logits.
struct LogitsWork : RetrievalWork {
  explicit LogitsWork(const Arguments& args) : RetrievalWork(args, Shared{}) {
    logits = args.array<double>(11, count * memory.count).data;
  }
  double* logits;
};

inline napi_value retrieve(const Arguments& args) {
  RetrievalWork(args).run();
  return nullptr;
}

inline napi_value logits(const Arguments& args) {
  const LogitsWork work(args);
  work.tier->logits(work.memory, work.plan, work.queries, work.count, work.logits);
  return nullptr;
}

inline napi_value key_norms(const Arguments& args) {
  const size_t count = args.size(1, kMostPatterns), dimension = args.size(2, kMostDimension);
  const auto keys = args.array<float>(0, count * dimension);
  const auto norms = args.array<double>(3, count);
  tier_of(args).key_norms(keys.data, count, dimension, norms.data);
  return nullptr;
}

inline napi_value screen_bytes(const Arguments& args) {
  return number(args.env(), static_cast<double>(tier_of(args).screen_bytes(args.size(0, kMostDimension))));
}

/// count, dimension, keys, scales, offsets, screen, from, to.
inline napi_value screen(const Arguments& args) {
  KeyMemory memory{};
  memory.count = args.size(0, kMostPatterns);
  memory.dimension = args.size(1, kMostDimension);
  memory.keys = args.array<float>(2, memory.count * memory.dimension).data;
  if (!args.is_undefined(3)) memory.scales = args.array<double>(3, memory.count).data;
  if (!args.is_undefined(4)) memory.offsets = args.array<double>(4, memory.count).data;
  const size_t from = args.size(6, kMostPatterns), to = args.size(7, kMostPatterns);
  if (to > memory.count / 64 || from > to) args.fail(7, "whole tiles of keys");
  const size_t bytes = tier_of(args).screen_bytes(memory.dimension);
  if (bytes == 0) args.fail(1, "fewer dimensions");
  const auto out = args.array<uint8_t>(5, to * bytes);
  tier_of(args).make_screen(memory, out.data, from, to);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_RETRIEVAL_H_
