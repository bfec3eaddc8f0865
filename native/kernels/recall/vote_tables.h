// Sums of votes by look-up (the "four Russians" of Arlazarov et al. 1970, in registers), for one state or for
// several at once. The votes of a few patterns have few sums: 2^kBits of them, a table a state makes
// for itself. The bits that a neuron has in those patterns are an index into it, the same for every state, so
// indices are laid out once and shared, and one byte shuffle looks up a whole register of neurons.
//
// Sums are cut into two digits of a few bits, a plane of bytes each, so that the digits of several tables can
// be added as bytes before they are widened to 16 bits; or into digits of eight bits, which are zipped to 16
// at every table. Votes of a table that sum to less than nothing are lifted by as much: digits have no sign.
// What an overlap exceeds the largest that fits its table by is cast as a ballot (kernels/field.h), as all of
// it would be without tables.
//
// An index of six bits leaves two of its byte empty. Where patterns and indices outgrow the second-level
// cache, reading them is most of the work: there, eight patterns lie in a byte, so that indices take no more
// than the patterns, and overlaps are counted in them too (index_tallies.h). A look-up takes the lower six
// bits of a byte, and another one the upper two of three bytes. Of four bits two indices lie in a byte.
//
// A tier says how in its Lookup:
//   kBits, kLanes        patterns a table; neurons a register
//   kAlone               whether one state alone is worth it
//   kLeastCues           from so many cues on, recalling them together pays (choose.h)
//   kPackedBytes, kPackedTables  how many bytes of packed indices are looked up together, and in how many
//                        tables; 0 if a tier packs none
//   unpack(x)            makes kPackedBytes bytes the indices into kPackedTables tables: the lower kBits of
//                        each, then what is left of all of them
//   kTallies             whether overlaps are counted in packed indices, by `differ` and `add_tallies`
//   kMostZips            up to so many tables are zipped wherever sums fit 16 bits: fewer are not worth being
//                        widened after several, and sums of digits need thrice the registers
//   spread(words, value) kLanes bits to bytes of `value` or 0
//   join(a, b)           bytes a | b
//   arrange(index)       an order of neurons that zips turn back
//   find(plane, index)   bytes of a plane of 2^kBits
//   add8, add16          of bytes, of 16-bit lanes
//   shift16(x, bits)     16-bit lanes · 2^bits
//   even, odd(x)         every other byte as a 16-bit lane
//   zip8_low, _high(l, h)    bytes of either in turn: 16-bit lanes of half a register's neurons
//   zip16_low, _high(e, o)   16-bit lanes of either in turn
//   tables(votes, groups, bits, planes)  returns Σ of what tables were lifted by
#ifndef HOPFIELD_KERNELS_RECALL_VOTE_TABLES_H_
#define HOPFIELD_KERNELS_RECALL_VOTE_TABLES_H_

#include "flag.h"
#include "kernels/field.h"
#include "simd/simd.h"
#include "simd/small.h"

namespace hopfield {
namespace {

/// States worked on at once: their sums stay in registers while an index is at hand.
constexpr size_t kStates = 4;

template <class Lookup>
struct VoteTables {
  static constexpr size_t kPlane = size_t{1} << Lookup::kBits;
  static constexpr size_t kRegisters = kBlockBits / Lookup::kLanes;
  /// Registers of neurons whose indices lie together, group by group.
  static constexpr size_t kNear = 4;
  /// Bytes from indices that are read to those that are asked for: where neurons are many they lie far away,
  /// and the processor itself asks too late.
  static constexpr size_t kIndicesAhead = 2048;
  /// Bytes of indices that one call makes for itself.
  static constexpr size_t kMostIndices = size_t{64} << 20;
  /// Bits of a digit; what a table costs where all sums fit 16 bits and where they do not, and all tables
  /// whatever their number, in sixteenths of a ballot: as measured on Sapphire Rapids. Digits of 4, 5 and 6
  /// bits are widened after 17, 8 and 4 tables. Those of 8 bits are zipped, or widened after every table.
  struct Way {
    unsigned bits;
    size_t table, wide_table, fixed;
    constexpr int32_t limit() const { return ((1 << 2 * bits) - 1) / static_cast<int32_t>(Lookup::kBits); }
  };
  static constexpr Way kWays[] = {{4, 14, 14, 64}, {5, 16, 16, 64}, {6, 19, 19, 64}, {8, 24, 40, 0}};
  static constexpr size_t kWayCount = sizeof(kWays) / sizeof(kWays[0]);

  /// Bytes of patterns and indices from which on indices are packed.
  static constexpr size_t kFar = size_t{3} << 19;
  static constexpr size_t kPackedBits = 8;
  static constexpr bool kPacks = Lookup::kPackedBytes > 0;
  static constexpr size_t kTablesAtOnce = kPacks ? Lookup::kPackedTables : 1;
  static_assert(Lookup::kPackedBytes * kPackedBits == Lookup::kPackedTables * Lookup::kBits,
                "all bits serve");

  const Memory& memory;
  size_t blocks;
  bool packed;
  size_t depth;   ///< bytes of indices a neuron
  size_t groups;  ///< tables
  Workspace& workspace;
  const uint8_t* indices;  ///< blocks × kRegisters / kNear × depth × kNear × kLanes
  uint8_t* planes;         ///< most states × groups × 2 × kPlane
  int16_t* votes;          ///< groups × kBits, zero past the last pattern
  unsigned bits = 8;       ///< of a digit, for all states at hand
  bool narrow = false;     ///< whether their sums fit 16 bits
  int64_t totals[kStates];
  int64_t weights[kStates];  ///< Σ|v|
  int32_t lifts[kStates];
  Ballots ballots[kStates];

  /// For as many as `most` states at once.
  VoteTables(const Memory& of, Workspace& scratch, size_t most)
      : memory(of),
        blocks(row_blocks(of.neurons)),
        packed(packs(of)),
        depth(depth_of(of)),
        groups(packed ? depth * kPackedBits / Lookup::kBits : depth),
        workspace(scratch),
        indices(of.indices),
        planes(scratch.take<uint8_t>(most * groups * 2 * kPlane)),
        votes(scratch.take<int16_t>(groups * Lookup::kBits)) {
    for (size_t c = 0; c < most; c++) {
      ballots[c] =
          take_ballots(workspace, of.count, static_cast<double>(of.neurons) * static_cast<double>(of.count));
    }
  }

  static bool packs(const Memory& memory) {
    const size_t rows = memory.count * row_words(memory.neurons) * sizeof(uint32_t);
    const size_t bytes = (memory.count + Lookup::kBits - 1) / Lookup::kBits * memory.neurons;
    return kPacks && rows + bytes >= kFar;
  }
  static size_t depth_of(const Memory& memory) {
    if (!packs(memory)) return (memory.count + Lookup::kBits - 1) / Lookup::kBits;
    constexpr size_t kTogether = kPacks ? kPackedBits * Lookup::kPackedBytes : 1;
    return (memory.count + kTogether - 1) / kTogether * Lookup::kPackedBytes;
  }
  static size_t index_bytes(const Memory& memory) {
    return row_blocks(memory.neurons) * kBlockBits * depth_of(memory);
  }
  static void make_indices(const Memory& memory, uint8_t* to) {
    const size_t blocks = row_blocks(memory.neurons), stride = row_words(memory.neurons);
    const size_t registers = block_words(memory.neurons) * 32 / Lookup::kLanes;
    const size_t bits = packs(memory) ? kPackedBits : Lookup::kBits, end = depth_of(memory) * bits;
    for (size_t block = 0; block < blocks; block++) {
      heed_flag(block, heedless_blocks(memory.count));
      const uint32_t* from = memory.rows + block * kBlockWords;
      for (size_t near = 0; near < kRegisters; near += kNear) {
        for (size_t first = 0; first < end; first += bits) {
          const size_t some = first < memory.count ? smaller(memory.count - first, bits) : 0;
          for (size_t reg = near; reg < near + kNear; reg++, to += Lookup::kLanes) {
            // Short rows end before their block does, and patterns before the last byte.
            if (reg >= registers || some == 0) {
              Lookup::store(to, Lookup::zero());
              continue;
            }
            const uint32_t* rows = from + first * stride;
            auto x = Lookup::spread(rows, reg, 1);
            for (size_t k = 1; k < some; k++) {
              x = Lookup::join(x, Lookup::spread(rows + k * stride, reg, static_cast<uint8_t>(1u << k)));
            }
            Lookup::store(to, Lookup::arrange(x));
          }
        }
      }
    }
  }

  /// Whether there are indices: if none are at hand they are made for this call, unless they are too large.
  bool index() {
    if (indices != nullptr) return true;
    if (index_bytes(memory) > kMostIndices) return false;
    uint8_t* own = workspace.take<uint8_t>(index_bytes(memory));
    make_indices(memory, own);
    indices = own;
    return true;
  }

  /// Σ v and Σ|v| of a state. Sum holds whatever they are.
  template <class Sum>
  void measure(const int32_t* overlaps, size_t c) {
    Sum total = 0, weight = 0;
    for (size_t mu = 0; mu < memory.count; mu++) {
      total = static_cast<Sum>(total + overlaps[mu]);
      weight = static_cast<Sum>(weight + static_cast<Sum>(magnitude(overlaps[mu])));
    }
    totals[c] = total;
    weights[c] = weight;
  }

  /// Measures a state. False if its fields do not fit 32 bits.
  bool fits(const int32_t* overlaps, size_t c) {
    // Rows that other threads write may have bits past the last neuron.
    const double most = 2.0 * static_cast<double>(blocks * kBlockBits) * static_cast<double>(memory.count);
    if (most < 0x1p31) {
      measure<int32_t>(overlaps, c);
    } else {
      measure<int64_t>(overlaps, c);
    }
    return weights[c] + static_cast<int64_t>(memory.count) < INT32_MAX;
  }

  /// The tables and ballots of `count` states that were measured. Sums stay in 16 bits if they fit and `may`.
  void prepare(size_t count, const int32_t* const* overlaps, bool may) {
    narrow = may;
    for (size_t c = 0; c < count; c++) narrow = narrow && weights[c] <= kMostVotes;
    const int32_t limit = choose_way(count, overlaps);
    for (size_t c = 0; c < count; c++) {
      const int32_t* own = overlaps[c];
      if (packed) {
        cast_packed(own, limit);
      } else {
        for (size_t mu = 0; mu < memory.count; mu++) {
          votes[mu] = static_cast<int16_t>(limited(own[mu], -limit, limit));
        }
        for (size_t mu = memory.count; mu < groups * Lookup::kBits; mu++) votes[mu] = 0;
      }
      lifts[c] = Lookup::tables(votes, groups, bits, planes + c * groups * 2 * kPlane);
      ballots[c].runs = 0;
      if (limit < kMostVotes) cast_ballots(own, memory.count, &ballots[c], limit);
    }
  }

  /// Chooses the bits of a digit. Returns the largest overlap that fits its table, or kMostVotes if all do.
  int32_t choose_way(size_t count, const int32_t* const* overlaps) {
    constexpr size_t kZips = kWayCount - 1;
    if (narrow && groups <= Lookup::kMostZips && !packed) {
      bits = kWays[kZips].bits;
      return kMostVotes;
    }
    for (size_t w = 0; narrow && w < 2; w++) {
      bits = kWays[w].bits;
      if (holds_all(count, overlaps)) return kMostVotes;
    }
    size_t exceeding[kWayCount] = {};
    for (size_t c = 0; c < count; c++) count_exceeding(overlaps[c], exceeding);
    const auto cost = [&](size_t w) {
      const size_t table = narrow ? kWays[w].table : kWays[w].wide_table;
      return (table * groups + kWays[w].fixed) * count + 16 * exceeding[w];
    };
    // Digits of eight bits would be widened after every table: packed indices come four tables at a time.
    size_t best = 0;
    for (size_t w = 1; w < (packed ? kZips : kWayCount); w++) best = cost(w) < cost(best) ? w : best;
    bits = kWays[best].bits;
    return exceeding[best] > 0 ? kWays[best].limit() : kMostVotes;
  }

  /// Tables whose digits are added as bytes before these are widened.
  size_t tables_together() const { return 255 / ((size_t{1} << bits) - 1); }

  /// Whether the upper digits of as many tables as are added as bytes fit a byte, whatever their indices:
  /// then no overlap is too large.
  bool holds_all(size_t count, const int32_t* const* overlaps) const {
    const uint32_t most = (uint32_t{256} << bits) - 1;
    const size_t some = tables_together() / kTablesAtOnce * kTablesAtOnce * Lookup::kBits;
    for (size_t c = 0; c < count; c++) {
      if (weights[c] <= static_cast<int64_t>(most)) continue;
      for (size_t from = 0; from < memory.count; from += some) {
        uint32_t sum = 0;
        for (size_t mu = from; mu < smaller(from + some, memory.count); mu++)
          sum += magnitude(overlaps[c][mu]);
        if (sum > most) return false;
      }
    }
    return true;
  }

  /// How many overlaps exceed each way's limit.
  void count_exceeding(const int32_t* overlaps, size_t exceeding[kWayCount]) const {
    uint32_t over[kWayCount] = {};
    for (size_t mu = 0; mu < memory.count; mu++) {
      const uint32_t size = magnitude(overlaps[mu]);
      for (size_t w = 0; w < kWayCount; w++) over[w] += size > static_cast<uint32_t>(kWays[w].limit());
    }
    for (size_t w = 0; w < kWayCount; w++) exceeding[w] += over[w];
  }

  /// Votes in the order of packed tables.
  void cast_packed(const int32_t* overlaps, int32_t limit) {
    constexpr size_t kBits = Lookup::kBits, kRest = kPackedBits - kBits, kBytes = Lookup::kPackedBytes;
    for (size_t first = 0, at = 0; first < depth * kPackedBits; first += kBytes * kPackedBits) {
      for (size_t t = 0; t < Lookup::kPackedTables; t++) {
        for (size_t bit = 0; bit < kBits; bit++, at++) {
          const size_t byte = t < kBytes ? t : bit / kRest, in_byte = t < kBytes ? bit : kBits + bit % kRest;
          const size_t mu = first + byte * kPackedBits + in_byte;
          votes[at] =
              mu < memory.count ? static_cast<int16_t>(limited(overlaps[mu], -limit, limit)) : int16_t{0};
        }
      }
    }
  }

  /// Asks for the indices of a later group, by address: they may lie behind the last one.
  template <size_t kRegs>
  static HOPFIELD_INLINE void ask_ahead(const uint8_t* at) {
    const uintptr_t ahead = reinterpret_cast<uintptr_t>(at) + kIndicesAhead;
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < kRegs * Lookup::kLanes; k += 64)
      prefetch_line(reinterpret_cast<const float*>(ahead + k));
  }

  /// What the digits of kCount states add to their sums of kRegs registers of neurons: of one table, or of
  /// the four of packed indices.
  template <size_t kCount, size_t kRegs, bool kPacked, class Bytes>
  HOPFIELD_INLINE void add_found(const uint8_t* index, const uint8_t* plane, size_t g, Bytes* sum) const {
    constexpr size_t kTables = kPacked ? Lookup::kPackedTables : 1;
    constexpr size_t kDepth = kPacked ? Lookup::kPackedBytes : 1, kApart = kNear * Lookup::kLanes;
    const size_t stride = groups * 2 * kPlane;
    const uint8_t* at = index + g / kTables * kDepth * kApart;
    const uint8_t* table = plane + g * 2 * kPlane;
    HOPFIELD_UNROLL(4)
    for (size_t k = 0; k < kDepth; k++) ask_ahead<kRegs>(at + k * kApart);
    HOPFIELD_UNROLL(8)
    for (size_t r = 0; r < kRegs; r++) {
      Bytes x[kTables];
      HOPFIELD_UNROLL(4)
      for (size_t k = 0; k < kDepth; k++) x[k] = Lookup::load(at + k * kApart + r * Lookup::kLanes);
      if constexpr (kPacked) Lookup::unpack(x);
      HOPFIELD_UNROLL(4)
      for (size_t t = 0; t < kTables; t++) {
        HOPFIELD_UNROLL(8)
        for (size_t k = 0; k < 2 * kCount; k++) {
          const Bytes found = Lookup::find(table + t * 2 * kPlane + k / 2 * stride + k % 2 * kPlane, x[t]);
          sum[k * kRegs + r] = Lookup::add8(sum[k * kRegs + r], found);
        }
      }
    }
  }

  /// The sums over tables from…to for kCount states and kRegs registers of neurons: out[c][i], in 16 bits
  /// that wrap; or, if they are to stay apart, those of each digit: out[c][digit][i].
  template <size_t kCount, size_t kRegs, bool kPacked>
  void look_up_digits(const uint8_t* index, const uint8_t* plane, size_t from, size_t to, bool apart,
                      uint16_t* out) const {
    using Bytes = decltype(Lookup::zero());
    constexpr size_t kSums = 2 * kCount * kRegs;
    constexpr size_t kTables = kPacked ? Lookup::kPackedTables : 1;
    const size_t together = tables_together() / kTables * kTables;
    Bytes even[kSums], odd[kSums];
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kSums; k++) even[k] = odd[k] = Lookup::zero();
    for (size_t g = from; g < to;) {
      const size_t end = smaller(to, g + together);
      Bytes sum[kSums];
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kSums; k++) sum[k] = Lookup::zero();
      for (; g < end; g += kTables) add_found<kCount, kRegs, kPacked>(index, plane, g, sum);
      HOPFIELD_UNROLL(8)
      for (size_t k = 0; k < kSums; k++) {
        even[k] = Lookup::add16(even[k], Lookup::even(sum[k]));
        odd[k] = Lookup::add16(odd[k], Lookup::odd(sum[k]));
      }
    }
    const auto write = [](Bytes e, Bytes o, uint16_t* to) {
      Lookup::store(reinterpret_cast<uint8_t*>(to), Lookup::zip16_low(e, o));
      Lookup::store(reinterpret_cast<uint8_t*>(to + Lookup::kLanes / 2), Lookup::zip16_high(e, o));
    };
    if (apart) {
      for (size_t k = 0; k < kSums; k++)
        write(even[k], odd[k], out + k / kRegs * kBlockBits + k % kRegs * Lookup::kLanes);
      return;
    }
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kCount * kRegs; k++) {
      const size_t low = k / kRegs * 2 * kRegs + k % kRegs, high = low + kRegs;
      write(Lookup::add16(even[low], Lookup::shift16(even[high], bits)),
            Lookup::add16(odd[low], Lookup::shift16(odd[high], bits)),
            out + k / kRegs * kBlockBits + k % kRegs * Lookup::kLanes);
    }
  }

  /// The first with digits of eight bits.
  template <size_t kCount, size_t kRegs>
  void look_up_zipped(const uint8_t* index, const uint8_t* plane, size_t from, size_t to,
                      uint16_t* out) const {
    using Bytes = decltype(Lookup::zero());
    constexpr size_t kSums = kCount * kRegs;
    const size_t stride = groups * 2 * kPlane;
    Bytes low[kSums], high[kSums];
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kSums; k++) low[k] = high[k] = Lookup::zero();
    for (size_t g = from; g < to; g++) {
      const uint8_t* at = index + g * kNear * Lookup::kLanes;
      const uint8_t* table = plane + g * 2 * kPlane;
      HOPFIELD_UNROLL(8)
      for (size_t r = 0; r < kRegs; r++) {
        const Bytes x = Lookup::load(at + r * Lookup::kLanes);
        HOPFIELD_UNROLL(8)
        for (size_t c = 0; c < kCount; c++) {
          const Bytes l = Lookup::find(table + c * stride, x);
          const Bytes h = Lookup::find(table + c * stride + kPlane, x);
          low[c * kRegs + r] = Lookup::add16(low[c * kRegs + r], Lookup::zip8_low(l, h));
          high[c * kRegs + r] = Lookup::add16(high[c * kRegs + r], Lookup::zip8_high(l, h));
        }
      }
    }
    HOPFIELD_UNROLL(8)
    for (size_t k = 0; k < kSums; k++) {
      uint8_t* to16 = reinterpret_cast<uint8_t*>(out + k / kRegs * kBlockBits + k % kRegs * Lookup::kLanes);
      Lookup::store(to16, low[k]);
      Lookup::store(to16 + Lookup::kLanes, high[k]);
    }
  }

  template <size_t kCount, size_t kRegs>
  void look_up_some(size_t block, size_t from, size_t to, bool apart, uint16_t* out) const {
    const size_t left = smaller(memory.neurons - block * kBlockBits, kBlockBits);
    for (size_t reg = 0; reg * Lookup::kLanes < left; reg += kRegs) {
      const uint8_t* index =
          indices + ((block * kRegisters + reg / kNear * kNear) * depth + reg % kNear) * Lookup::kLanes;
      uint16_t* sums = out + reg * Lookup::kLanes;
      if (packed) {
        if constexpr (kPacks) look_up_digits<kCount, kRegs, true>(index, planes, from, to, apart, sums);
      } else if (bits == 8 && !apart) {
        look_up_zipped<kCount, kRegs>(index, planes, from, to, sums);
      } else {
        look_up_digits<kCount, kRegs, false>(index, planes, from, to, apart, sums);
      }
    }
  }

  /// A block of all states, as many registers at once as there are sums for.
  void look_up(size_t count, size_t block, size_t from, size_t to, bool apart, uint16_t* out) const {
    if (count == 4) return look_up_some<4, 1>(block, from, to, apart, out);
    if (count == 3) return look_up_some<3, 1>(block, from, to, apart, out);
    if (count == 2) return look_up_some<2, 2>(block, from, to, apart, out);
    look_up_some<1, 4>(block, from, to, apart, out);
  }
};

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_KERNELS_RECALL_VOTE_TABLES_H_
