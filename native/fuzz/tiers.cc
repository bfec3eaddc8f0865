// Every kernel of kernels.def on every tier of this machine, byte for byte against the portable one. The
// first byte of an input says which kernel, the others what it is given.
#include "core/tier.h"
#include "fuzz/learning_cases.h"
#include "fuzz/machine_cases.h"
#include "fuzz/pairwise_cases.h"
#include "fuzz/real_cases.h"
#include "fuzz/row_cases.h"
#include "fuzz/search_cases.h"

using namespace hopfield;

namespace {

struct Case {
  const char* name;
  void (*run)(fuzz::Input& input, const Tier& tier, fuzz::Output& out);
};

/// A kernel without a function of its name in fuzz::cases does not compile.
const Case kCases[] = {
#define HOPFIELD_KERNEL(result, name, parameters) {#name, fuzz::cases::name},
#include "kernels.def"
};
constexpr size_t kCount = sizeof(kCases) / sizeof(kCases[0]);

fuzz::Output answer(const Case& of, const uint8_t* data, size_t size, const Tier& tier) {
  fuzz::Input input(data, size);
  fuzz::Output out;
  of.run(input, tier, out);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const Case& of = kCases[data[0] % kCount];
  size_t count;
  const Tier* const* all = tiers(&count);
  const fuzz::Output expected = answer(of, data + 1, size - 1, *all[count - 1]);
  for (size_t t = 0; t + 1 < count; t++) {
    if (!all[t]->usable()) continue;
    const char* part = expected.differs(answer(of, data + 1, size - 1, *all[t]));
    if (part != nullptr) fuzz::fail(of.name, all[t]->name, part);
  }
  return 0;
}
