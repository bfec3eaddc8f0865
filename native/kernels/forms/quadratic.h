// Energies of forms that know no faster way than their fields.
#ifndef HOPFIELD_KERNELS_FORMS_QUADRATIC_H_
#define HOPFIELD_KERNELS_FORMS_QUADRATIC_H_

#include "kernels/energy.h"

namespace hopfield {
namespace {

/// Q = Σ_i s_i h_i in ascending order.
template <class Form>
static double quadratic_of(const Form& form, const uint32_t* state, double* fields) {
  form.fields(state, fields);
  return dense_quadratic(fields, form.memory.neurons, state);
}

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_QUADRATIC_H_
