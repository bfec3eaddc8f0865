// What the recall engine asks of a form of the weights: the protocol, in one place.
//
// A form holds the fields h_i = Σ_j J_ij s_j of one state and follows it from flip to flip. Each form has
//
//   memory              the memory it reads
//   Form(memory, update, visits, workspace)
//                       `visits` is how many one asynchronous sweep makes, 0 if there are none
//   begin(state)        from here on, fields are those of `state`, which stays where it is
//   field(i, bit)       h_i, where neuron i has the value `bit`; int64_t or double
//   flipped(i, next)    neuron i of the state has just taken the value `next`
//   fields(state, out)  all fields of the state that was begun
//   quadratic(state)    Q = Σ_i s_i h_i
//   largest()           what no |h| exceeds where fields are whole numbers, else −1
//
// Whatever it can do faster than that it offers by one of the constants below; each is a fast path of the
// engine, and changes nothing but the time.
#ifndef HOPFIELD_KERNELS_FORMS_FORM_H_
#define HOPFIELD_KERNELS_FORMS_FORM_H_

#include "core/memory.h"

namespace hopfield {
namespace {

/// A form that offers nothing: what each form starts from.
struct PlainForm {
  /// At T = 0 an asynchronous recall never comes back to a state: weights are symmetric and nothing acts on
  /// itself, or every update lowers another energy. So no state need be kept to find cycles.
  static constexpr bool kSymmetric = false;
  /// A synchronous recall may come back to a state after more than two sweeps; if weights are pairwise and
  /// symmetric it cannot.
  static constexpr bool kLongCycles = true;
  /// Fields are whole numbers of symmetric weights: Q may be carried from flip to flip while it is below
  /// 2^53.
  static constexpr bool kWholeFields = false;
  /// signs(state, next): the values all neurons take at T = 0, clamped ones and padding included.
  static constexpr bool kSigns = false;
  /// four(neurons, out): the fields of four neurons at once, which would wait for each other's sums.
  static constexpr bool kFours = false;
  /// sweep(visits, count, each_once, state, expected, progress, &flips): a whole asynchronous pass at T = 0,
  /// which comes to no neuron twice if `each_once`, recorded if there is a recorder. It begins and ends its
  /// visits itself. False if it cannot be done so; then nothing has happened.
  static constexpr bool kSweeps = false;
  /// settled(visits, each_once, state, flips, &answer): after such a pass, whether another would change
  /// nothing; likely_end(row): the state the recall will probably end in; few_flips(): how many flips leave
  /// alone most fields of a state near its end, and signs_near(state, next, near): signs, and at least those
  /// neurons that so many may turn. None changes what happens, only how fast.
  static constexpr bool kForesees = false;
  /// sweep_hot(visits, count, table, uniforms, state, &flips): a whole pass at T > 0 where no neuron is
  /// clamped and nothing is recorded. False if it cannot be done so.
  static constexpr bool kHotSweeps = false;

  /// Before and after asynchronous visits, for forms that keep their fields in another way during them.
  /// end_visits may also be called between two visits.
  void begin_visits() {}
  void end_visits() {}
  /// The overlaps with all patterns, if the form knows them outside of visits.
  const int32_t* overlaps() const { return nullptr; }
  /// How many patterns have a part in the energy, where that may be none.
  double active() const { return 0; }
};

/// Does not compile, and says why, for what is no form.
template <class Form>
struct FormCheck {
  static Form& form();
  static constexpr const uint32_t* kState = nullptr;
  static_assert(sizeof(form().memory.neurons) > 0, "a form owes memory");
  static_assert(sizeof((form().begin(kState), 0)) > 0, "a form owes begin(state)");
  static_assert(sizeof(form().field(size_t{0}, 0u)) == 8, "a form owes field(i, bit)");
  static_assert(sizeof((form().flipped(size_t{0}, 0u), 0)) > 0, "a form owes flipped(i, next)");
  static_assert(sizeof((form().fields(kState, static_cast<double*>(nullptr)), 0)) > 0,
                "a form owes fields(state, out)");
  static_assert(sizeof(form().quadratic(kState)) == 8, "a form owes quadratic(state)");
  static_assert(sizeof(form().largest()) == 8, "a form owes largest()");
  static_assert(Form::kSymmetric || !Form::kWholeFields, "whole fields are those of symmetric weights");
  static_assert(Form::kSweeps || !Form::kForesees, "what is foreseen is read off a sweep");
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_FORMS_FORM_H_
