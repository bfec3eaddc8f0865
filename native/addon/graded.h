// The integrations of src/kernels/native/graded.ts.
#ifndef HOPFIELD_ADDON_GRADED_H_
#define HOPFIELD_ADDON_GRADED_H_

#include "addon/handle.h"

namespace hopfield {

inline const GradedNetwork& graded_of(const Arguments& args) {
  return handle_of(args, 0, Family::kGraded).graded;
}

/// Control block: count, method, adaptive, step, accuracy, tolerance, maxSteps. Handle, potentials, outputs,
/// outcomes.
struct IntegrationWork {
  static constexpr size_t kFlag = 5;

  const Tier* tier;
  const GradedNetwork* network;
  IntegrationPlan plan{};
  size_t count;
  double* potentials;
  double* outputs;
  Integrated* outcomes;

  explicit IntegrationWork(const Arguments& args) : tier(&args.tier()), network(&graded_of(args)) {
    static_assert(sizeof(Integrated) == 4 * sizeof(double), "outcomes are rows of four numbers");
    const auto control = args.control<7>();
    count = args.control_size(control[0], kMostPatterns);
    plan.method = static_cast<Method>(args.control_size(control[1], 1));
    plan.adaptive = args.control_size(control[2], 1) == 1;
    plan.step = control[3];
    plan.accuracy = control[4];
    plan.tolerance = control[5];
    plan.max_steps = static_cast<uint32_t>(args.control_size(control[6], kMostSweeps));
    potentials = args.array<double>(2, count * network->neurons).data;
    outputs = args.array<double>(3, count * network->neurons).data;
    outcomes = reinterpret_cast<Integrated*>(args.array<double>(4, count * 4).data);
  }

  void run() const { tier->integrate(*network, plan, potentials, count, outputs, outcomes, nullptr); }
};

/// A recorder that becomes an IntegrationTrace of src/kernels/contract/graded.ts.
class IntegrationTrace : public IntegrationRecorder {
 public:
  IntegrationTrace(size_t neurons, bool with_states) : neurons_(neurons), with_states_(with_states) {}

  void point(double time, double energy, const double* outputs) override {
    times_.push_back(time);
    energies_.push_back(energy);
    if (with_states_) states_.insert(states_.end(), outputs, outputs + neurons_);
  }

  Napi::Object to_js(Napi::Env env) const {
    Napi::Object trace = Napi::Object::New(env);
    trace.Set("times", to_array<Napi::Float64Array>(env, times_));
    trace.Set("energies", to_array<Napi::Float64Array>(env, energies_));
    trace.Set("states", to_array<Napi::Float64Array>(env, states_));
    return trace;
  }

 private:
  size_t neurons_;
  bool with_states_;
  std::vector<double> times_, energies_, states_;
};

inline napi_value integrate(const Arguments& args) {
  IntegrationWork(args).run();
  return nullptr;
}

/// As integrate, of one, and 5: whether states are written too.
inline napi_value integrate_traced(const Arguments& args) {
  const IntegrationWork work(args);
  if (work.count != 1) args.fail_control("one cue");
  IntegrationTrace trace(work.network->neurons, args.boolean(5));
  work.tier->integrate(*work.network, work.plan, work.potentials, 1, work.outputs, work.outcomes, &trace);
  return trace.to_js(args.env());
}

/// Handle, potentials, how many, outputs, slopes.
inline napi_value graded_slopes(const Arguments& args) {
  const GradedNetwork& network = graded_of(args);
  const size_t count = args.size(3, kMostPatterns), size = count * network.neurons;
  const auto potentials = args.array<double>(2, size);
  const auto outputs = args.array<double>(4, size), slopes = args.array<double>(5, size);
  args.tier().graded_slopes(network, potentials.data, count, outputs.data, slopes.data);
  return nullptr;
}

/// Handle, outputs, how many, energies.
inline napi_value graded_energies(const Arguments& args) {
  const GradedNetwork& network = graded_of(args);
  const size_t count = args.size(3, kMostPatterns);
  const auto outputs = args.array<double>(2, count * network.neurons);
  const auto out = args.array<double>(4, count);
  args.tier().graded_energies(network, outputs.data, count, out.data);
  return nullptr;
}

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_GRADED_H_
