// Many cues in one call: everything around a tier's recalls that needs no instruction set.
#include "core/batch.h"
#include "flag.h"

namespace hopfield {

namespace {

/// Packed states are kept for this many cues at a time, if the caller's own memory does not hold them: enough
/// that all of them share the work on the patterns, and little beside the patterns themselves.
constexpr size_t kMostCues = 1024;
constexpr size_t kMostBytes = 16 << 20;

uint64_t query_of(const Batch& batch, size_t b) {
  return batch.streams != nullptr ? static_cast<uint64_t>(batch.streams[b]) : batch.stream + b;
}

}  // namespace

void clear_padding(uint32_t* row, size_t neurons) {
  const size_t last = neurons / 32;
  const size_t words = row_words(neurons);
  if (last == words) return;
  row[last] &= (1u << (neurons % 32)) - 1;
  memset(row + last + 1, 0, (words - last - 1) * sizeof(uint32_t));
}

int64_t recall_batch(const Tier& tier, const Memory& memory, const Plan& plan, const Batch& batch) {
  const size_t neurons = memory.neurons, words = row_words(neurons);
  size_t room = kMostBytes / (words * sizeof(uint32_t));
  room = room < 1 ? 1 : room > kMostCues ? kMostCues : room;
  if (room > batch.count) room = batch.count;
  Workspace workspace;
  uint64_t* queries = workspace.take<uint64_t>(room);
  uint32_t* own = batch.state_rows != nullptr ? nullptr : workspace.take<uint32_t>(room * words);
  for (size_t from = 0; from < batch.count; from += room) {
    const size_t count = batch.count - from < room ? batch.count - from : room;
    uint32_t* states = own != nullptr ? own : batch.state_rows + from * words;
    if (batch.cue_bytes != nullptr) {
      const int64_t offender = tier.pack(batch.cue_bytes + from * neurons, count, neurons, states);
      if (offender >= 0) return static_cast<int64_t>(from * neurons) + offender;
    } else {
      memmove(states, batch.cue_rows + from * words, count * words * sizeof(uint32_t));
      for (size_t b = 0; b < count; b++) clear_padding(states + b * words, neurons);
    }
    for (size_t b = 0; b < count; b++) queries[b] = query_of(batch, from + b);
    if (count == 1) {
      Workspace scratch;
      tier.recall(memory, plan, queries[0], states, batch.outcomes + from, nullptr, scratch);
      count_done(1);
    } else {
      tier.recall_many(memory, plan, queries, states, count, batch.outcomes + from);
    }
    if (own != nullptr) tier.unpack(own, count, neurons, batch.state_bytes + from * neurons);
  }
  return -1;
}

void sample_batch(const Tier& tier, const Memory& memory, const Plan& plan, const Batch& batch,
                  uint32_t* rows, size_t samples, int32_t* sums) {
  const size_t words = row_words(memory.neurons);
  Workspace workspace;
  uint64_t* queries = workspace.take<uint64_t>(batch.count);
  for (size_t b = 0; b < batch.count; b++) {
    clear_padding(rows + b * words, memory.neurons);
    queries[b] = query_of(batch, b);
  }
  tier.sample(memory, plan, queries, rows, batch.count, samples, batch.state_rows, batch.outcomes, sums);
}

void recall_traced(const Tier& tier, const Memory& memory, const Plan& plan, uint64_t query,
                   const uint32_t* cue, uint32_t* state, Outcome* outcome, Recorder* recorder) {
  memcpy(state, cue, row_words(memory.neurons) * sizeof(uint32_t));
  clear_padding(state, memory.neurons);
  Workspace workspace;
  tier.recall(memory, plan, query, state, outcome, recorder, workspace);
}

}  // namespace hopfield
