// The memories of ±1 networks, in every form, as the package's own classes would make them.
#ifndef HOPFIELD_FUZZ_MEMORIES_H_
#define HOPFIELD_FUZZ_MEMORIES_H_

#include "fuzz/patterns.h"

namespace hopfield {
namespace fuzz {

/// A memory and its arrays.
class PairwiseMemory {
 public:
  PairwiseMemory(Input& input, const Tier& tier, Form form)
      : input_(input), stream_(input), big_(input.byte() % 8 == 7) {
    memory.form = form;
    // An N×N matrix, or N responses, for each of a few tiers under a sanitizer: small ones are tried more
    // often.
    const bool square = form == Form::kMatrix || form == Form::kBits;
    memory.neurons = input.size(1, square ? 130 : 700);
    memory.count = input.size(0, form == Form::kCoupled ? 130 : 300);
    rows = rows_of(input, memory.count, memory.neurons);
    columns = columns_of(tier, rows, memory.count, memory.neurons, input.flag());
    memory.rows = rows.data();
    if (form == Form::kImplicit || form == Form::kCoupled || form == Form::kInteraction)
      memory.columns = columns.data();
    if (form == Form::kCoupled) coupled();
    if (form == Form::kMatrix) matrix();
    if (form == Form::kBits) bits();
    if (form == Form::kSparse) sparse();
    if (form == Form::kInteraction) interaction();
    if (form == Form::kImplicit) index(tier);
  }

  Memory memory{};
  Array<uint32_t> rows, columns;

 private:
  /// Small whole numbers make ties; large ones leave the sums that fit 32 bits.
  double whole() { return stream_.whole(big_ ? 1048576 : 5); }
  double real() {
    const double x = stream_.real();
    return big_ ? x * pow(2, static_cast<double>(stream_.below(100)) - 50) : x;
  }

  void coupled() {
    const size_t n = memory.neurons, p = memory.count, width = padded_stride(p);
    CoupledWeights& coupled = memory.coupled;
    coupled.coupling = static_cast<Coupling>(input_.below(4));
    coupled.lag = p == 0 ? 0 : input_.byte() % (p + 1);
    coupled.cyclic = input_.flag();
    const bool matrix = coupled.coupling == Coupling::kMatrix;
    couplings_ = Array<double>(matrix ? p * width : coupled.coupling == Coupling::kDiagonal ? p : 0, true);
    self_weights_ = Array<double>(n, input_.flag());
    for (double& d : self_weights_) d = whole();
    if (coupled.coupling == Coupling::kDiagonal) {
      for (double& a : couplings_) a = whole();
    }
    if (matrix) {
      responses_ = Array<double>(n * width, true);
      for (size_t mu = 0; mu < p; mu++) {
        for (size_t nu = 0; nu <= mu; nu++)
          couplings_[mu * width + nu] = couplings_[nu * width + mu] = whole();
      }
      for (size_t i = 0; i < n; i++) {
        const uint32_t* column = columns.data() + i * column_words(p);
        for (size_t mu = 0; mu < p; mu++) {
          double sum = 0;
          for (size_t nu = 0; nu < p; nu++) {
            const double a = couplings_[mu * width + nu];
            sum += (column[nu / 32] >> (nu % 32)) & 1 ? a : -a;
          }
          responses_[i * width + mu] = sum;
        }
      }
    }
    coupled.couplings = couplings_.data();
    coupled.self_weights = self_weights_.data();
    coupled.responses = responses_.data();
    constant();
  }

  void constant() {
    if (!input_.flag()) return;
    constants_ = Array<double>(memory.neurons, input_.flag());
    for (double& k : constants_) k = whole();
    memory.constants = constants_.data();
    memory.unit = input_.one_of({1.0, 2.0, 3.0, 1000.0});
  }

  void matrix() {
    const size_t n = memory.neurons;
    memory.symmetric = input_.flag();
    memory.number = static_cast<Number>(input_.below(3));
    if (memory.number == Number::kInt32) fill(whole_, n, [&] { return static_cast<int32_t>(whole()); });
    if (memory.number == Number::kFloat32) fill(single_, n, [&] { return static_cast<float>(real()); });
    if (memory.number == Number::kFloat64) fill(real_, n, [&] { return real(); });
    if (memory.symmetric && memory.number == Number::kInt32) memory.largest = largest_row(memory);
  }

  template <class T, class Make>
  void fill(Array<T>& weights, size_t n, Make make) {
    const size_t stride = padded_stride(n);
    weights = Array<T>(n * stride, input_.flag());
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < n; j++) weights[i * stride + j] = memory.symmetric && i == j ? T(0) : make();
      for (size_t j = 0; j < i && memory.symmetric; j++) weights[i * stride + j] = weights[j * stride + i];
    }
    memory.weights = weights.data();
  }

  void bits() {
    const size_t n = memory.neurons, words = row_words(n);
    bits_ = Array<uint32_t>(n * words, input_.flag());
    for (size_t i = 0; i < n; i++) {
      for (size_t j = 0; j < i; j++) {
        if ((stream_.bits() & 1) == 0) continue;
        bits_[i * words + j / 32] |= 1u << (j % 32);
        bits_[j * words + i / 32] |= 1u << (i % 32);
      }
    }
    memory.weights = bits_.data();
  }

  void sparse() {
    const size_t n = memory.neurons;
    const bool whole_weights = input_.flag(), same_degree = input_.flag();
    const size_t degree = input_.size(0, 40);
    starts_ = Array<uint32_t>(n + 1, true);
    for (size_t i = 0; i < n; i++) {
      starts_[i + 1] = starts_[i] + static_cast<uint32_t>(same_degree ? degree : stream_.below(degree + 1));
    }
    const size_t length = starts_[n];
    sources_ = Array<uint32_t>(length, true);
    for (uint32_t& source : sources_) source = static_cast<uint32_t>(stream_.below(n));
    memory.sparse.starts = starts_.data();
    memory.sparse.sources = sources_.data();
    memory.sparse.length = length;
    memory.number = whole_weights ? Number::kInt32 : Number::kFloat64;
    if (!whole_weights) {
      real_ = Array<double>(length, input_.flag());
      for (double& w : real_) w = real();
      memory.weights = real_.data();
      return;
    }
    whole_ = Array<int32_t>(length, input_.flag());
    for (int32_t& w : whole_) w = static_cast<int32_t>(whole());
    memory.weights = whole_.data();
    constant();
    memory.largest = largest_row(memory);
    if (!input_.flag()) return;
    carry();
    short_sources_ = Array<uint16_t>(length, true);
    short_weights_ = Array<int8_t>(length, true);
    if (!input_.flag() || !shorten(memory, short_sources_.data(), short_weights_.data())) return;
    memory.sparse.short_sources = short_sources_.data();
    memory.sparse.short_weights = short_weights_.data();
  }

  /// The same connections by where they lead.
  void carry() {
    const size_t n = memory.neurons, length = memory.sparse.length;
    target_starts_ = Array<uint32_t>(n + 1, true);
    targets_ = Array<uint32_t>(length, true);
    target_weights_ = Array<int32_t>(length, true);
    for (const uint32_t source : sources_) target_starts_[source + 1]++;
    for (size_t j = 0; j < n; j++) target_starts_[j + 1] += target_starts_[j];
    std::vector<uint32_t> next(target_starts_.begin(), target_starts_.end());
    for (size_t i = 0; i < n; i++) {
      for (size_t k = starts_[i]; k < starts_[i + 1]; k++) {
        const uint32_t at = next[sources_[k]]++;
        targets_[at] = static_cast<uint32_t>(i);
        target_weights_[at] = whole_[k];
      }
    }
    memory.sparse.target_starts = target_starts_.data();
    memory.sparse.targets = targets_.data();
    memory.sparse.target_weights = target_weights_.data();
    memory.sparse.target_length = length;
  }

  void index(const Tier& tier) {
    // Read whether or not this tier wants them: all tiers get the same input.
    const bool wanted = input_.flag(), aligned = input_.flag(), coupled = input_.flag();
    const size_t couplings = tier.coupling_bytes(memory);
    if (couplings > 0 && coupled) {
      byte_couplings_ = Array<int8_t>(couplings, aligned);
      tier.couple(memory, byte_couplings_.data());
      memory.byte_couplings = byte_couplings_.data();
    }
    const size_t bytes = tier.index_bytes(memory);
    if (bytes == 0 || !wanted) return;
    indices_ = Array<uint8_t>(bytes, aligned);
    tier.index_patterns(memory, indices_.data());
    memory.indices = indices_.data();
  }

  void interaction() {
    const size_t n = memory.neurons;
    const size_t kind = input_.below(5);
    fields_ = Array<double>(n + 2, input_.flag());
    energies_ = Array<double>(n + 1, input_.flag());
    memory.interaction = {fields_.data(), energies_.data(), 0};
    if (kind == 0) {
      const double beta = input_.one_of({1e-300, 0.01, 0.1, 0.3, 0.5, 1.0, 2.0, 2.8, 10.0, 23.0, 339.0});
      for (size_t k = 0; k <= n + 1; k++) {
        const double x = 2 * beta * (static_cast<double>(k) - 1);
        if (x > 44.3614195558365) break;
        fields_[n + 1 - k] = exp(-x);
      }
      memory.interaction = {fields_.data(), fields_.data(), beta};
      return;
    }
    const size_t degree = 1 + input_.below(7);
    // A ball: zeros up to there.
    const size_t outside = kind == 4 ? n - input_.below(n + 1) : 0;
    for (size_t j = 0; j <= n; j++) {
      const double v = 2 * static_cast<double>(j) - static_cast<double>(n);
      double power = kind == 1 && v < 0 ? 0 : v;
      for (size_t k = 1; k < degree; k++) power *= v;
      energies_[j] = j < outside ? 0 : kind == 3 ? real() : power;
      if (j > 0) fields_[j] = energies_[j] - energies_[j - 1];
    }
  }

  Input& input_;
  Stream stream_;
  const bool big_;
  Array<double> couplings_, self_weights_, responses_, constants_, real_, fields_, energies_;
  Array<float> single_;
  Array<int32_t> whole_, target_weights_;
  Array<uint32_t> bits_, starts_, sources_, target_starts_, targets_;
  Array<uint16_t> short_sources_;
  Array<int8_t> short_weights_;
  Array<uint8_t> indices_;
  Array<int8_t> byte_couplings_;
};

/// A plan and its arrays.
class RecallPlan {
 public:
  RecallPlan(Input& input, const Memory& memory) {
    Stream stream(input);
    const size_t neurons = memory.neurons;
    const bool interaction = memory.form == Form::kInteraction;
    plan.synchronous = input.flag();
    plan.order = static_cast<Order>(input.below(4));
    plan.tie = static_cast<Tie>(input.below(3));
    plan.max_sweeps = input.one_of({1u, 2u, 3u, 8u, 20u});
    plan.first_sweep = input.one_of({0u, 1u, 5u});
    plan.seed[0] = static_cast<uint32_t>(stream.bits());
    plan.seed[1] = static_cast<uint32_t>(stream.bits());
    plan.scale = interaction || input.flag() ? 1 : static_cast<double>(neurons);
    if (plan.order == Order::kExplicit) {
      visits_ = Array<uint32_t>(1 + input.byte() % (neurons + 3), true);
      for (uint32_t& visit : visits_) visit = static_cast<uint32_t>(stream.below(neurons));
      plan.visits = visits_.data();
      plan.visit_count = visits_.size();
    }
    // Multiples of the fields' own step make ties; denormals must not be flushed.
    const size_t external = interaction ? 0 : input.below(4);
    if (external > 0) {
      external_ = Array<double>(neurons, input.flag());
      for (double& b : external_) {
        b = external == 1   ? stream.whole(4) / static_cast<double>(neurons)
            : external == 2 ? stream.whole(1) * 5e-324
                            : stream.real();
      }
      plan.external_field = external_.data();
    }
    if (input.below(3) == 0) {
      clamp_ = Array<uint32_t>(row_words(neurons), true);
      for (uint32_t& word : clamp_) word = static_cast<uint32_t>(stream.bits() & stream.bits());
      clear_padding(clamp_.data(), neurons);
      plan.clamp = clamp_.data();
    }
    if (!interaction && input.flag()) {
      temperatures_ = Array<double>(1 + input.below(5), true);
      for (double& t : temperatures_) t = input.one_of({0.0, 0.1, 0.5, 1.0, 4.0, 1e-9, 1e9});
      plan.temperatures = temperatures_.data();
      plan.temperature_count = temperatures_.size();
    }
  }

  Plan plan{};

 private:
  Array<uint32_t> visits_, clamp_;
  Array<double> external_, temperatures_;
};

}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_MEMORIES_H_
