#ifndef HOPFIELD_KERNELS_OVERLAP_H_
#define HOPFIELD_KERNELS_OVERLAP_H_

#include "kernels/choice.h"
#include "kernels/energy.h"
#include "kernels/field.h"
#include "kernels/general.h"
#include "kernels/interaction.h"
#include "kernels/slots.h"
#include "kernels/together.h"

namespace hopfield {
namespace {

constexpr size_t kSome = 256;

/// Overlaps of packed states, kSome at a time. `each` takes the index of a state and its P overlaps.
template <class Each>
static void each_overlaps(const Memory& memory, const uint32_t* states, size_t state_count, Each each) {
  const Rule rule{};
  Workspace workspace;
  Together together(memory, rule, workspace);
  const size_t words = row_words(memory.neurons), room = room_for(state_count, kSome, memory.count);
  int32_t* values = workspace.take<int32_t>(room * memory.count);
  const uint32_t** rows = workspace.take<const uint32_t*>(room);
  int32_t** out = workspace.take<int32_t*>(room);
  for (size_t b = 0; b < room; b++) out[b] = values + b * memory.count;
  for (size_t from = 0; from < state_count; from += room) {
    const size_t some = state_count - from < room ? state_count - from : room;
    for (size_t b = 0; b < some; b++) rows[b] = states + (from + b) * words;
    together.overlaps(some, rows, out);
    for (size_t b = 0; b < some; b++) each(from + b, out[b]);
  }
}

static void overlaps(const uint32_t* rows, size_t count, size_t neurons, const uint32_t* states,
                     size_t state_count, int32_t* out) {
  if (count == 0) return;
  if (state_count == 1) return row_overlaps(rows, count, row_blocks(neurons), neurons, states, out);
  Memory memory{};
  memory.form = Form::kImplicit;
  memory.neurons = neurons;
  memory.count = count;
  memory.rows = rows;
  each_overlaps(memory, states, state_count, [out, count](size_t b, const int32_t* values) {
    memcpy(out + b * count, values, count * sizeof(int32_t));
  });
}

static void quadratics(const Memory& memory, const uint32_t* states, size_t state_count, double* out) {
  const size_t neurons = memory.neurons, words = row_words(neurons);
  if (memory.form == Form::kInteraction) {
    each_overlaps(memory, states, state_count, [&memory, out](size_t b, const int32_t* values) {
      out[b] = interaction_quadratic(memory, values);
    });
    return;
  }
  if (!is_quick(memory)) {
    Workspace workspace;
    return with_general_form(memory, workspace, QuadraticsUse{states, state_count, out});
  }
  if (memory.form == Form::kImplicit) {
    each_overlaps(memory, states, state_count, [&memory, out](size_t b, const int32_t* values) {
      out[b] = implicit_quadratic(values, memory.count, memory.neurons);
    });
    return;
  }
  Workspace workspace;
  double* fields = workspace.take<double>(neurons);
  const bool together = together_pays(memory, state_count);
  const size_t room = !together ? 0 : state_count < Products::kSlots ? state_count : Products::kSlots;
  Products products(memory, workspace);
  int32_t** rows = workspace.take<int32_t*>(room);
  const uint32_t** from = workspace.take<const uint32_t*>(room);
  int32_t* values = workspace.take<int32_t>(room * neurons);
  for (size_t b = 0; b < state_count; b++) {
    const uint32_t* state = states + b * words;
    if (!together) {
      dense_fields(memory, state, fields);
    } else {
      if (b % room == 0) {
        const size_t some = state_count - b < room ? state_count - b : room;
        for (size_t k = 0; k < some; k++) {
          rows[k] = values + k * neurons;
          from[k] = state + k * words;
        }
        products.fields(some, from, rows);
      }
      for (size_t i = 0; i < neurons; i++) fields[i] = rows[b % room][i];
    }
    out[b] = dense_quadratic(fields, neurons, state);
  }
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_OVERLAP_H_
