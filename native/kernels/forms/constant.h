// Fields with a constant part beside that of the weights, unit·h_i + k_i, for a form of those weights that
// offers nothing more than it owes: the mirror of src/kernels/reference/constant.ts.
#ifndef HOPFIELD_KERNELS_FORMS_CONSTANT_H_
#define HOPFIELD_KERNELS_FORMS_CONSTANT_H_

#include "kernels/energy.h"
#include "kernels/forms/form.h"
#include "kernels/recall/update.h"
#include "workspace.h"

namespace hopfield {
namespace {

template <class Base>
struct ConstantForm : Base {
  static constexpr bool kHotSweeps = false;
  static_assert(!Base::kWholeFields && !Base::kSigns && !Base::kFours && !Base::kSweeps && !Base::kForesees,
                "fast paths know no constant");

  ConstantForm(const Memory& of, const Update& by, size_t visits, Workspace& workspace)
      : Base(of, by, visits, workspace) {}

  const Memory& own() const { return Base::memory; }

  double field(size_t i, unsigned bit) const { return own().unit * Base::field(i, bit) + own().constants[i]; }
  void fields(const uint32_t* state, double* out) const {
    Base::fields(state, out);
    for (size_t i = 0; i < own().neurons; i++) out[i] = own().unit * out[i] + own().constants[i];
  }
  double quadratic(const uint32_t* state) const {
    return own().unit * Base::quadratic(state) + 2 * dense_quadratic(own().constants, own().neurons, state);
  }
  double largest() const { return -1; }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_CONSTANT_H_
