#ifndef HOPFIELD_KERNELS_OVERLAP_H_
#define HOPFIELD_KERNELS_OVERLAP_H_

#include "core/memory.h"
#include "kernels/recall/slots.h"
#include "kernels/recall/batched_fields.h"
#include "kernels/recall/update.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

constexpr size_t kStatesAtOnce = 256;

/// Overlaps of packed states, kStatesAtOnce at a time. `each` takes the index of a state and its P overlaps.
template <class Each>
static void each_overlaps(const Memory& memory, const uint32_t* states, size_t state_count, Each each) {
  const Update update;
  Workspace workspace;
  BatchedFields together(memory, update, workspace);
  const size_t words = row_words(memory.neurons), room = room_for(state_count, kStatesAtOnce, memory.count);
  int32_t* values = workspace.take<int32_t>(room * memory.count);
  const uint32_t** rows = workspace.take<const uint32_t*>(room);
  int32_t** out = workspace.take<int32_t*>(room);
  for (size_t b = 0; b < room; b++) out[b] = values + b * memory.count;
  for (size_t from = 0; from < state_count; from += room) {
    const size_t some = smaller(state_count - from, room);
    for (size_t b = 0; b < some; b++) rows[b] = states + (from + b) * words;
    together.overlaps(some, rows, out);
    for (size_t b = 0; b < some; b++) each(from + b, out[b]);
  }
}

static void overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* states,
                     size_t state_count, int32_t* out) {
  if (count == 0) return;
  if (state_count == 1) return row_overlaps(rows, count, neurons, states, out);
  Memory memory{};
  memory.form = Form::kImplicit;
  memory.neurons = neurons;
  memory.count = count;
  memory.rows = rows;
  each_overlaps(memory, states, state_count, [out, count](size_t b, const int32_t* values) {
    memcpy(out + b * count, values, count * sizeof(int32_t));
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_OVERLAP_H_
