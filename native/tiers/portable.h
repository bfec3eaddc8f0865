// The primitives every tier must have, in portable C++. A tier takes from here what it has no better way to
// do. Included inside a tier's own namespace and target region. No includes here.
namespace portable {

static inline int count_ones(uint64_t x) {
  x -= (x >> 1) & 0x5555555555555555u;
  x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
  return static_cast<int>((x * 0x0101010101010101u) >> 56);
}

static inline int trailing_zeros(uint32_t x) { return count_ones((x & (0u - x)) - 1); }

/// n ≤ 64 bytes ±1 into the bits of *out. Returns the index of the first byte that is not ±1, or −1.
static inline int64_t pack_word(const int8_t* states, size_t n, uint64_t* out) {
  uint64_t bits = 0;
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t x;
    memcpy(&x, states + i, 8);
    const uint64_t negative = (x >> 7) & 0x0101010101010101u;
    // 0x01 where positive, 0xff where negative: anything else in x is no ±1.
    if (x != 0x0101010101010101u + negative * 0xfe) break;
    const uint64_t positive = negative ^ 0x0101010101010101u;
    bits |= (positive * 0x0102040810204080u) >> 56 << i;
  }
  for (; i < n; i++) {
    if (states[i] != 1 && states[i] != -1) return static_cast<int64_t>(i);
    bits |= static_cast<uint64_t>(states[i] == 1) << i;
  }
  *out = bits;
  return -1;
}

/// The low n ≤ 64 bits as bytes ±1.
static inline void unpack_word(uint64_t bits, size_t n, int8_t* states) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const uint64_t spread = (((bits >> i) & 0xff) * 0x0101010101010101u) & 0x8040201008040201u;
    const uint64_t ones = ((spread + 0x7f7f7f7f7f7f7f7fu) >> 7) & 0x0101010101010101u;
    const uint64_t x = 0xffffffffffffffffu ^ (ones * 0xfe);
    memcpy(states + i, &x, 8);
  }
  for (; i < n; i++) states[i] = (bits >> i) & 1 ? 1 : -1;
}

/// out[μ] = N − 2·popcount(row μ xor state).
static inline void row_overlaps(const uint32_t* rows, size_t count, size_t blocks, size_t neurons,
                                const uint32_t* state, int32_t* out) {
  const size_t words = blocks * kBlockWords;
  for (size_t mu = 0; mu < count; mu++) {
    const uint32_t* row = rows + mu * words;
    uint64_t differing = 0;
    for (size_t k = 0; k < words; k += 2) differing += count_ones(load64(row + k) ^ load64(state + k));
    out[mu] = static_cast<int32_t>(static_cast<int64_t>(neurons) - 2 * static_cast<int64_t>(differing));
  }
}

/// out[j] = Σ_w popcount(planes[w·N + j] xor column[w]) for every neuron j.
static inline void column_differences(const uint64_t* planes, size_t neurons, size_t words,
                                      const uint64_t* column, int32_t* out) {
  for (size_t j = 0; j < neurons; j++) {
    int differing = 0;
    for (size_t w = 0; w < words; w++) differing += count_ones(planes[w * neurons + j] ^ column[w]);
    out[j] = differing;
  }
}

/// A row of a matrix that nobody will read soon; then everything written is seen by other threads.
static inline void write_past_cache(int32_t* to, const int32_t* from, size_t count) {
  memcpy(to, from, count * sizeof(int32_t));
}
static inline void finish_writes() {}

/// The eight bits of every byte as masks of eight 16-bit lanes, 0 or −1: what a compiler makes vectors of.
struct ByteMasks {
  alignas(16) int16_t lane[256][8];
  constexpr ByteMasks() : lane() {
    for (int byte = 0; byte < 256; byte++) {
      for (int bit = 0; bit < 8; bit++) lane[byte][bit] = static_cast<int16_t>(-((byte >> bit) & 1));
    }
  }
};
constexpr ByteMasks kMasks;

/// sum[i] += Σ of the ballots' votes over those whose pattern has bit i of this block set. The ballots of one
/// call have Σ|vote| ≤ 32767, so 16-bit lanes hold every partial sum.
static inline void vote_block(const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
                              int32_t* sum) {
  alignas(64) int16_t lanes[kBlockBits] = {};
  for (size_t b = 0; b < n; b++) {
    const int16_t vote = static_cast<int16_t>(ballots[b].vote);
    uint8_t bytes[kBlockBits / 8];
    memcpy(bytes, block + ballots[b].row * stride, sizeof(bytes));
    for (size_t k = 0; k < sizeof(bytes); k++) {
      const int16_t* mask = kMasks.lane[bytes[k]];
      for (size_t l = 0; l < 8; l++)
        lanes[k * 8 + l] = static_cast<int16_t>(lanes[k * 8 + l] + (mask[l] & vote));
    }
  }
  for (size_t i = 0; i < kBlockBits; i++) sum[i] += lanes[i];
}

/// next = sign of h_i = 2·sum_i − total − count·s_i, bit 1 = +1, ties by rule. |h| < 2^31.
static inline void threshold_block(const int32_t* sum, int32_t total, int32_t count, Tie tie,
                                   const uint32_t* state, uint32_t* next) {
  for (size_t k = 0; k < kBlockWords; k++) {
    uint32_t word = 0;
    for (size_t b = 0; b < 32; b++) {
      const uint32_t s = (state[k] >> b) & 1;
      const uint32_t field = 2u * static_cast<uint32_t>(sum[k * 32 + b]) - static_cast<uint32_t>(total) -
                             (s ? static_cast<uint32_t>(count) : 0u - static_cast<uint32_t>(count));
      const int32_t h = static_cast<int32_t>(field);
      const uint32_t at_zero = tie == Tie::kKeep ? s : static_cast<uint32_t>(tie == Tie::kPositive);
      word |= (h > 0 ? 1u : h < 0 ? 0u : at_zero) << b;
    }
    next[k] = word;
  }
}

/// Σ of votes over the one bits of a column of `words` × 32 patterns. `span` is how many words 16-bit lane
/// sums can take before they must be widened; it means nothing to 32-bit votes, whose lane sums always fit.
static inline int64_t column_sum(const uint32_t* column, const int16_t* votes, size_t words, size_t span) {
  int64_t sum = 0;
  for (size_t k = 0; k < words;) {
    const size_t end = words - k < span ? words : k + span;
    alignas(64) int16_t lanes[32] = {};
    for (; k < end; k++) {
      for (size_t q = 0; q < 4; q++) {
        const int16_t* mask = kMasks.lane[(column[k] >> (8 * q)) & 0xff];
        for (size_t l = 0; l < 8; l++) {
          const int16_t vote = static_cast<int16_t>(mask[l] & votes[k * 32 + q * 8 + l]);
          lanes[q * 8 + l] = static_cast<int16_t>(lanes[q * 8 + l] + vote);
        }
      }
    }
    int32_t run = 0;
    for (size_t l = 0; l < 32; l++) run += lanes[l];
    sum += run;
  }
  return sum;
}

static inline int64_t column_sum(const uint32_t* column, const int32_t* votes, size_t words, size_t span) {
  (void)span;
  int64_t sum = 0;
  for (size_t k = 0; k < words; k++) {
    for (uint32_t rest = column[k]; rest != 0; rest &= rest - 1) sum += votes[k * 32 + trailing_zeros(rest)];
  }
  return sum;
}

/// votes += delta where the column's bit is 1, −= delta where it is 0. Lanes past the last pattern may wrap;
/// no sum ever takes them.
template <class Vote>
static inline void column_add(const uint32_t* column, Vote* votes, size_t words, int delta) {
  for (size_t k = 0; k < words; k++) {
    for (size_t b = 0; b < 32; b++) {
      const uint32_t change =
          (column[k] >> b) & 1 ? static_cast<uint32_t>(delta) : 0u - static_cast<uint32_t>(delta);
      votes[k * 32 + b] = static_cast<Vote>(static_cast<uint32_t>(votes[k * 32 + b]) + change);
    }
  }
}

/// next = whether sum_i exceeds `up` where the neuron is +1, `down` where it is −1, for 512 neurons.
static inline void threshold_words(const int16_t* sum, int16_t up, int16_t down, const uint32_t* state,
                                   uint32_t* next) {
  for (size_t k = 0; k < kBlockWords; k++) {
    uint32_t word = 0;
    for (size_t b = 0; b < 32; b++) {
      word |= static_cast<uint32_t>(sum[k * 32 + b] > ((state[k] >> b) & 1 ? up : down)) << b;
    }
    next[k] = word;
  }
}

/// The tables of kernels/lookup.h, four patterns each: 16 sums in two planes of bytes.
static inline void nibble_tables(const int16_t* votes, size_t groups, uint8_t* planes) {
  for (size_t g = 0; g < groups; g++) {
    const int16_t* v = votes + 4 * g;
    for (unsigned i = 0; i < 16; i++) {
      const int sum = (i & 1 ? v[0] : 0) + (i & 2 ? v[1] : 0) + (i & 4 ? v[2] : 0) + (i & 8 ? v[3] : 0);
      planes[32 * g + i] = static_cast<uint8_t>(sum);
      planes[32 * g + 16 + i] = static_cast<uint8_t>(sum >> 8);
    }
  }
}

/// kernels/lookup.h without any instruction for it.
struct Lookup {
  static constexpr size_t kBits = 4, kLanes = 16;
  struct Bytes {
    uint8_t lane[16];
  };

  static inline Bytes zero() { return Bytes{}; }
  static inline Bytes load(const uint8_t* p) {
    Bytes x;
    memcpy(x.lane, p, 16);
    return x;
  }
  static inline void store(uint8_t* p, Bytes x) { memcpy(p, x.lane, 16); }
  static inline Bytes spread(const uint32_t* words, size_t reg, uint8_t value) {
    Bytes x;
    const uint32_t bits = words[reg / 2] >> (16 * (reg % 2));
    for (size_t l = 0; l < 16; l++) x.lane[l] = static_cast<uint8_t>(((bits >> l) & 1) * value);
    return x;
  }
  static inline Bytes join(Bytes a, Bytes b) {
    for (size_t l = 0; l < 16; l++) a.lane[l] = static_cast<uint8_t>(a.lane[l] | b.lane[l]);
    return a;
  }
  static inline Bytes arrange(Bytes index) { return index; }
  static inline Bytes find(const uint8_t* plane, Bytes index) {
    for (size_t l = 0; l < 16; l++) index.lane[l] = plane[index.lane[l]];
    return index;
  }
  static inline Bytes zip(const uint8_t* l, const uint8_t* h) {
    Bytes x;
    for (size_t k = 0; k < 8; k++) {
      x.lane[2 * k] = l[k];
      x.lane[2 * k + 1] = h[k];
    }
    return x;
  }
  static inline Bytes low(Bytes l, Bytes h) { return zip(l.lane, h.lane); }
  static inline Bytes high(Bytes l, Bytes h) { return zip(l.lane + 8, h.lane + 8); }
  static inline Bytes add(Bytes a, Bytes b) {
    uint16_t x[8], y[8];
    memcpy(x, a.lane, 16);
    memcpy(y, b.lane, 16);
    for (size_t k = 0; k < 8; k++) x[k] = static_cast<uint16_t>(x[k] + y[k]);
    memcpy(a.lane, x, 16);
    return a;
  }
  static inline void tables(const int16_t* votes, size_t groups, uint8_t* planes) {
    nibble_tables(votes, groups, planes);
  }
};

/// Overlaps of several states, one after the other.
template <class Overlaps>
static inline void overlaps_in_turn(Overlaps row_overlaps, const uint32_t* rows, size_t count, size_t blocks,
                                    size_t neurons, size_t states, const uint32_t* const* state,
                                    int32_t* const* out) {
  for (size_t b = 0; b < states; b++) row_overlaps(rows, count, blocks, neurons, state[b], out[b]);
}

constexpr size_t kPhiloxLanes = 16;

/// One block of what these rows have in common: all bits if there are none.
static inline void common_block(const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
                                uint32_t* out) {
  uint64_t common[kBlockWords / 2];
  memset(common, 0xff, sizeof(common));
  for (size_t k = 0; k < count; k++) {
    const uint32_t* row = rows + which[k] * stride;
    for (size_t w = 0; w < kBlockWords / 2; w++) common[w] &= load64(row + 2 * w);
  }
  memcpy(out, common, sizeof(common));
}

/// The rounds of kPhiloxLanes blocks, in place.
static inline void philox_rounds(const uint32_t seed[2], uint32_t* c0, uint32_t* c1, uint32_t* c2,
                                 uint32_t* c3) {
  uint32_t k0 = seed[0], k1 = seed[1];
  for (int round = 0; round < 10; round++) {
    for (size_t l = 0; l < kPhiloxLanes; l++) {
      const uint64_t p0 = static_cast<uint64_t>(0xD2511F53u) * c0[l];
      const uint64_t p1 = static_cast<uint64_t>(0xCD9E8D57u) * c2[l];
      c0[l] = static_cast<uint32_t>(p1 >> 32) ^ c1[l] ^ k0;
      c1[l] = static_cast<uint32_t>(p1);
      c2[l] = static_cast<uint32_t>(p0 >> 32) ^ c3[l] ^ k1;
      c3[l] = static_cast<uint32_t>(p0);
    }
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

/// kPhiloxLanes blocks of four words from block `draw` on.
static inline void philox_lanes(const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
                                uint32_t query_high, uint32_t* out) {
  uint32_t c0[kPhiloxLanes], c1[kPhiloxLanes], c2[kPhiloxLanes], c3[kPhiloxLanes];
  for (size_t l = 0; l < kPhiloxLanes; l++) {
    c0[l] = draw + static_cast<uint32_t>(l);
    c1[l] = sweep;
    c2[l] = query_low;
    c3[l] = query_high;
  }
  philox_rounds(seed, c0, c1, c2, c3);
  for (size_t l = 0; l < kPhiloxLanes; l++) {
    out[4 * l] = c0[l];
    out[4 * l + 1] = c1[l];
    out[4 * l + 2] = c2[l];
    out[4 * l + 3] = c3[l];
  }
}

}  // namespace portable
