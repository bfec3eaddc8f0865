// A recorder that becomes a KernelTrace of src/kernels/contract/recall.ts.
#ifndef HOPFIELD_ADDON_TRACE_H_
#define HOPFIELD_ADDON_TRACE_H_

#include <napi.h>

#include "addon/series.h"
#include "recorder.h"

namespace hopfield {

class TraceRecorder : public Recorder {
 public:
  void energy(double value) override { energies_.add(value); }
  void flip(uint32_t neuron) override { flips_.add(neuron); }
  void sweep(const int32_t* overlaps, size_t count) override { overlaps_.add(overlaps, count); }

  Napi::Object to_js(Napi::Env env) const {
    Napi::Object trace = Napi::Object::New(env);
    trace.Set("energies", energies_.to_js(env));
    trace.Set("overlaps", overlaps_.to_js(env));
    trace.Set("flips", flips_.to_js(env));
    return trace;
  }

 private:
  Series<double, Napi::Float64Array> energies_;
  Series<int32_t, Napi::Int32Array> overlaps_;
  Series<uint32_t, Napi::Uint32Array> flips_;
};

}  // namespace hopfield

#endif  // HOPFIELD_ADDON_TRACE_H_
