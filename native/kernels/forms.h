// Fields and energies of states that nothing updates, over all forms of the weights.
#ifndef HOPFIELD_KERNELS_FORMS_H_
#define HOPFIELD_KERNELS_FORMS_H_

#include "kernels/recall/choose.h"
#include "simd/small.h"

namespace hopfield {
namespace {

static void local_fields(const Memory& memory, const uint32_t* state, double* out) {
  Workspace workspace;
  with_form(memory, Update(), 0, workspace, [&](auto& form) {
    form.begin(state);
    form.fields(state, out);
  });
}

/// Q of a symmetric matrix for many states: fields together, where that is faster.
static void matrix_quadratics(const Memory& memory, const uint32_t* states, size_t count, double* out) {
  const size_t neurons = memory.neurons, words = row_words(neurons);
  Workspace workspace;
  BatchedProducts products(memory, workspace);
  double* fields = workspace.take<double>(neurons);
  const size_t room = smaller(count, BatchedProducts::kSlots);
  int32_t** rows = workspace.take<int32_t*>(room);
  const uint32_t** from = workspace.take<const uint32_t*>(room);
  int32_t* values = workspace.take<int32_t>(room * neurons);
  for (size_t first = 0; first < count; first += room) {
    const size_t some = smaller(count - first, room);
    for (size_t k = 0; k < some; k++) {
      rows[k] = values + k * neurons;
      from[k] = states + (first + k) * words;
    }
    products.fields(some, from, rows);
    for (size_t k = 0; k < some; k++) {
      for (size_t i = 0; i < neurons; i++) fields[i] = rows[k][i];
      out[first + k] = dense_quadratic(fields, neurons, from[k]);
    }
  }
}

static void quadratics(const Memory& memory, const uint32_t* states, size_t count, double* out) {
  if (memory.form == Form::kInteraction) {
    each_overlaps(memory, states, count, [&memory, out](size_t b, const int32_t* values) {
      out[b] = interaction_quadratic(memory, values);
    });
    return;
  }
  if (memory.form == Form::kImplicit) {
    each_overlaps(memory, states, count, [&memory, out](size_t b, const int32_t* values) {
      out[b] = implicit_quadratic(values, memory.count, memory.neurons);
    });
    return;
  }
  if (batch_pays(memory, count)) return matrix_quadratics(memory, states, count, out);
  const size_t words = row_words(memory.neurons);
  Workspace workspace;
  with_form(memory, Update(), 0, workspace, [&](auto& form) {
    for (size_t b = 0; b < count; b++) {
      form.begin(states + b * words);
      out[b] = form.quadratic(states + b * words);
    }
  });
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_H_
