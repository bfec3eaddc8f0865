// Many cues, one after the other: everything around a tier's recall that needs no instruction set.
#include "core.h"

namespace hopfield {

void clear_padding(uint32_t* row, size_t neurons) {
  const size_t last = neurons / 32;
  const size_t words = row_words(neurons);
  if (last == words) return;
  row[last] &= (1u << (neurons % 32)) - 1;
  memset(row + last + 1, 0, (words - last - 1) * sizeof(uint32_t));
}

int64_t recall_bytes(const Tier& tier, const Memory& memory, const Plan& plan, uint64_t stream,
                     const int8_t* cues, size_t count, int8_t* states, Outcome* outcomes) {
  Workspace own;
  uint32_t* state = own.take<uint32_t>(row_words(memory.neurons));
  for (size_t b = 0; b < count; b++) {
    const int64_t offender = tier.pack(cues + b * memory.neurons, 1, memory.neurons, state);
    if (offender >= 0) return static_cast<int64_t>(b * memory.neurons) + offender;
    Workspace workspace;
    tier.recall(memory, plan, stream + b, state, outcomes + b, nullptr, workspace);
    tier.unpack(state, 1, memory.neurons, states + b * memory.neurons);
  }
  return -1;
}

void recall_packed(const Tier& tier, const Memory& memory, const Plan& plan, uint64_t stream,
                   const uint32_t* cues, size_t count, uint32_t* states, Outcome* outcomes,
                   Recorder* recorder) {
  Workspace own;
  const size_t words = row_words(memory.neurons);
  uint32_t* state = own.take<uint32_t>(words);
  for (size_t b = 0; b < count; b++) {
    memcpy(state, cues + b * words, words * sizeof(uint32_t));
    clear_padding(state, memory.neurons);
    Workspace workspace;
    tier.recall(memory, plan, stream + b, state, outcomes + b, recorder, workspace);
    memcpy(states + b * words, state, words * sizeof(uint32_t));
  }
}

}  // namespace hopfield
