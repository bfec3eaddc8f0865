// The integrations of src/kernels/native/native.ts: their arguments by position, and the work itself.
#ifndef HOPFIELD_ADDON_GRADED_H_
#define HOPFIELD_ADDON_GRADED_H_

#include <napi.h>

#include "addon/arguments.h"
#include "addon/recall.h"
#include "addon/series.h"
#include "core/tier.h"

namespace hopfield {

constexpr double kMostGraded = 16777216.0;  // 2^24: its square stays below 2^48

/// Arguments 0…3: neurons, weights, external field, and the control block: activation, gain, rate, method,
/// adaptive, step, accuracy, tolerance, maxSteps.
struct GradedQuestion {
  GradedNetwork network{};
  IntegrationPlan plan{};

  explicit GradedQuestion(const Arguments& args) {
    network.neurons = args.size(0, kMostGraded);
    if (network.neurons == 0) args.fail(0, "at least one neuron");
    network.weights = args.array<double>(1, network.neurons * padded_stride(network.neurons)).data;
    if (!args.is_undefined(2)) network.external_field = args.array<double>(2, network.neurons).data;
    const double* control = args.array<double>(3, 9).data;
    for (size_t k : {0, 3, 4}) {
      if (!(control[k] == 0 || control[k] == 1)) args.fail(3, "a valid control block");
    }
    if (!(control[8] >= 0 && control[8] <= 2147483647.0)) args.fail(3, "a valid control block");
    network.activation = static_cast<Activation>(static_cast<int>(control[0]));
    network.gain = control[1];
    network.rate = control[2];
    plan.method = static_cast<Method>(static_cast<int>(control[3]));
    plan.adaptive = control[4] != 0;
    plan.step = control[5];
    plan.accuracy = control[6];
    plan.tolerance = control[7];
    plan.max_steps = static_cast<uint32_t>(control[8]);
  }
};

/// 4…7: potentials, how many, outputs, outcomes.
struct IntegrationWork : GradedQuestion {
  static constexpr const char* kName = "hopfield.integrate";

  const Tier* tier;
  double* potentials;
  size_t count;
  double* outputs;
  Integrated* outcomes;

  explicit IntegrationWork(const Arguments& args) : GradedQuestion(args), tier(&tier_of(args)) {
    static_assert(sizeof(Integrated) == 4 * sizeof(double), "outcomes are rows of four numbers");
    count = args.size(5, kMostPatterns);
    potentials = args.array<double>(4, count * network.neurons).data;
    outputs = args.array<double>(6, count * network.neurons).data;
    outcomes = reinterpret_cast<Integrated*>(args.array<double>(7, count * 4).data);
  }

  void run() const { tier->integrate(network, plan, potentials, count, outputs, outcomes, nullptr); }
};

/// A recorder that becomes an IntegrationTrace of src/kernels/contract/kernels.ts.
class IntegrationTrace : public IntegrationRecorder {
 public:
  IntegrationTrace(size_t neurons, bool with_states) : neurons_(neurons), with_states_(with_states) {}

  void point(double time, double energy, const double* outputs) override {
    times_.add(time);
    energies_.add(energy);
    if (with_states_) states_.add(outputs, neurons_);
  }

  Napi::Object to_js(Napi::Env env) const {
    Napi::Object trace = Napi::Object::New(env);
    trace.Set("times", times_.to_js(env));
    trace.Set("energies", energies_.to_js(env));
    trace.Set("states", states_.to_js(env));
    return trace;
  }

 private:
  size_t neurons_;
  bool with_states_;
  Series<double, Napi::Float64Array> times_, energies_, states_;
};

inline napi_value integrate(const Arguments& args) {
  IntegrationWork(args).run();
  return nullptr;
}

/// As integrate, of one, and 8: whether states are written too.
inline napi_value integrate_traced(const Arguments& args) {
  const IntegrationWork work(args);
  if (work.count != 1) args.fail(5, "one cue");
  IntegrationTrace trace(work.network.neurons, args.boolean(8));
  work.tier->integrate(work.network, work.plan, work.potentials, 1, work.outputs, work.outcomes, &trace);
  return trace.to_js(args.env());
}

/// 4…7: potentials, how many, outputs, slopes.
inline napi_value graded_slopes(const Arguments& args) {
  const GradedQuestion question(args);
  const size_t count = args.size(5, kMostPatterns), size = count * question.network.neurons;
  const auto potentials = args.array<double>(4, size);
  const auto outputs = args.array<double>(6, size), slopes = args.array<double>(7, size);
  tier_of(args).graded_slopes(question.network, potentials.data, count, outputs.data, slopes.data);
  return nullptr;
}

/// 4…6: outputs, how many, energies.
inline napi_value graded_energies(const Arguments& args) {
  const GradedQuestion question(args);
  const size_t count = args.size(5, kMostPatterns);
  const auto outputs = args.array<double>(4, count * question.network.neurons);
  const auto out = args.array<double>(6, count);
  tier_of(args).graded_energies(question.network, outputs.data, count, out.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_GRADED_H_
