// What a tier owes: the list of all primitives, each with what it does and what it may rely on. Algorithms
// (kernels/) are written on these alone. portable_*.h has every one of them in plain C++, so a new tier
// starts as scalar.h and replaces one after the other; a tier that lacks one, or has it in another shape,
// does not compile, and the error names it.
//
// Words used below: a row is a packed pattern or state of N neurons, of whole blocks of 512 or, where they
// are 256 or fewer, of whole 64-bit words, and nothing may be read or written behind it; a column is a
// neuron's bits in all patterns; planes are interleaved patterns (kernels/nearest.h). Arrays need no
// alignment.
#ifndef HOPFIELD_SIMD_PRIMITIVES_H_
#define HOPFIELD_SIMD_PRIMITIVES_H_

#include "simd/operands.h"
#include "simd/simd.h"

namespace hopfield {
namespace {

/// There is a function `name` that takes these and returns that.
#define HOPFIELD_OWES(result, name, ...) \
  static_assert(sizeof(static_cast<result (*)(__VA_ARGS__)>(name)) > 0, "a tier owes " #name)

// --- packed rows (*_rows.h) ---

/// How many bits are set.
HOPFIELD_OWES(int, count_ones, uint64_t x);
/// n ≤ 64 bytes ±1 into the bits of *out. Returns the index of the first byte that is not ±1, or −1.
HOPFIELD_OWES(int64_t, pack_word, const int8_t* states, size_t n, uint64_t* out);
/// The low n ≤ 64 bits as bytes ±1.
HOPFIELD_OWES(void, unpack_word, uint64_t bits, size_t n, int8_t* states);
/// A whole block of what the rows `which` have in common; all bits if there are none.
HOPFIELD_OWES(void, common_block, const uint32_t* rows, size_t stride, const uint32_t* which, size_t count,
              uint32_t* out);
/// Copies a row of a matrix that is not read soon; finish_writes makes all of it seen by other threads.
HOPFIELD_OWES(void, write_past_cache, int32_t* to, const int32_t* from, size_t count);
HOPFIELD_OWES(void, finish_writes, );

// --- differing bits (*_overlaps.h, *_nearest.h) ---

/// out[μ] = N − 2·popcount(row μ xor state).
HOPFIELD_OWES(void, row_overlaps, const uint32_t* rows, size_t count, size_t neurons, const uint32_t* state,
              int32_t* out);
/// The same for several states.
HOPFIELD_OWES(void, overlaps_of, const uint32_t* rows, size_t count, size_t neurons, size_t states,
              const uint32_t* const* state, int32_t* const* out);
/// out[j] = Σ_w popcount(planes[w·N + j] xor column[w]) for every neuron j.
HOPFIELD_OWES(void, column_differences, const uint64_t* planes, size_t neurons, size_t words,
              const uint64_t* column, int32_t* out);
/// The least number of bits in which `state` differs from any of 8·blocks patterns in planes.
HOPFIELD_OWES(uint32_t, least_difference, const uint32_t* planes, size_t blocks, size_t words,
              const uint32_t* state);

// --- fields of a block of 512 neurons (*_fields.h) ---

/// sum[i] += Σ of the ballots' votes over those whose pattern has bit i set, for the first `words` words of
/// neurons at least. There is room to read whole 64-bit words of up to eight, and of more the whole block.
/// Σ|vote| ≤ 32767.
HOPFIELD_OWES(void, vote_block, const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
              size_t words, int32_t* sum);
/// The same in 16 bits, which wrap.
HOPFIELD_OWES(void, vote_block, const uint32_t* block, size_t stride, const Ballot* ballots, size_t n,
              size_t words, int16_t* sum);
/// next = sign of h_i = 2·sum_i − total − count·s_i, bit 1 = +1, ties by rule, for `words` words. |h| < 2^31.
HOPFIELD_OWES(void, threshold_block, const int32_t* sum, int32_t total, int32_t count, Tie tie, size_t words,
              const uint32_t* state, uint32_t* next);
/// next = whether sum_i exceeds `up` where the neuron is +1, `down` where it is −1, for `words` words.
HOPFIELD_OWES(void, threshold_words, const int16_t* sum, int16_t up, int16_t down, size_t words,
              const uint32_t* state, uint32_t* next);

// --- one neuron's column (*_columns.h, *_sweep.h) ---

/// Σ of votes over the set bits of a column of 32·words patterns. 16-bit lanes hold the sums of `span` words.
HOPFIELD_OWES(int64_t, column_sum, const uint32_t* column, const int16_t* votes, size_t words, size_t span);
HOPFIELD_OWES(int64_t, column_sum, const uint32_t* column, const int32_t* votes, size_t words, size_t span);
/// votes += delta where the column's bit is 1, −= delta where it is 0. Lanes past the last pattern may wrap.
HOPFIELD_OWES(void, column_add, const uint32_t* column, int16_t* votes, size_t words, int delta);
HOPFIELD_OWES(void, column_add, const uint32_t* column, int32_t* votes, size_t words, int delta);
/// Visits neurons in turn, and flips each whose field is against its value. Returns how many flipped. |h| <
/// 2^31.
HOPFIELD_OWES(size_t, sweep_columns<int16_t>, Pass<int16_t>& pass);
HOPFIELD_OWES(size_t, sweep_columns<int32_t>, Pass<int32_t>& pass);

// --- fields of few neurons (*_carried.h), explained in kernels/forms/carried_fields.h ---

/// Bit i of signs: halves[i] > limits[i], for 64·words neurons.
HOPFIELD_OWES(void, signs_over, const int16_t* halves, const int16_t* limits, size_t words, uint64_t* signs);
/// Adds *count rows of bytes one after the other, up to and with the first by which a sign turns: then *count
/// says how many, and true is returned. Signs are those of the new halves. Where there are several rows, the
/// sum of their largest |w| is at most 127.
HOPFIELD_OWES(bool, move_fields, const int8_t* const* rows, size_t* count, const int16_t* limits,
              size_t words, int16_t* halves, uint64_t* signs);
/// Bit u of `out`: bit visits[u] of the 256 of `marks`, for `count` ≤ 256 visits. There is room to read 256.
HOPFIELD_OWES(void, marked_visits, const uint8_t* visits, size_t count, const uint64_t* marks, uint64_t* out);

// --- many states by look-up (*_lookup.h): struct Lookup, explained in kernels/recall/vote_tables.h ---

static_assert((size_t{1} << Lookup::kBits) <= 64 && kBlockBits % Lookup::kLanes == 0 &&
                  Lookup::kLeastCues > 0,
              "a tier owes Lookup");
HOPFIELD_OWES(int32_t, Lookup::tables, const int16_t* votes, size_t groups, unsigned bits, uint8_t* planes);

// --- patterns that vote by tables (*_interaction.h), explained in portable_interaction.h ---

/// The sums of votes of eights of patterns for four neurons; `inverse` is 0 for a neuron of value +1, else
/// all ones.
HOPFIELD_OWES(void, weigh_four, const uint32_t* const columns[4], const uint64_t inverse[4],
              const double* same, const double* differs, size_t groups, double sums[4]);
/// same = table[j], differs = −table[j + 1] at j = agreeing + shift, or 0 where that is less.
HOPFIELD_OWES(void, look_up, const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
              double* same, double* differs);
/// As look_up, in a table of 64 entries.
HOPFIELD_OWES(void, look_up_near, const double* table, const int32_t* agreeing, size_t groups, int32_t shift,
              double* same, double* differs);
/// The same after a neuron has changed its value, to +1 if `up`; j stays within 0 … last, whatever the column
/// is.
HOPFIELD_OWES(void, follow, const uint32_t* column, bool up, const double* table, int32_t last,
              int32_t* agreeing, size_t groups, double* same, double* differs);
/// Which of 64 counts are `least` or more.
HOPFIELD_OWES(uint64_t, reached, const int32_t* agreeing, int32_t least);

// --- random numbers (*_philox.h, *_chains.h) ---

static_assert(kPhiloxLanes % 8 == 0, "a tier owes kPhiloxLanes, how many blocks come at once");
/// kPhiloxLanes blocks of four words from block `draw` on.
HOPFIELD_OWES(void, philox_lanes, const uint32_t seed[2], uint32_t draw, uint32_t sweep, uint32_t query_low,
              uint32_t query_high, uint32_t* out);
/// drawn[l] = ⌊words[l]·(bound − l)/2^32⌋ for l < 16. Bit l: whether the lower half of the product is below
/// bound − l, so that the word may have to be rejected.
HOPFIELD_OWES(uint32_t, bounded_sixteen, const uint32_t* words, uint32_t bound, uint32_t* drawn);
/// One block of each of sixteen queries; word w of query l goes to out[64·w + l].
HOPFIELD_OWES(void, philox_across, const PhiloxKeys& keys, uint32_t draw, uint32_t sweep, const uint32_t* low,
              const uint32_t* high, uint32_t* out);
/// HalfSums: sixteen-bit sums of 32 chains, and with them ChainSums: of 64; chain_sums.h lists what they do.
static_assert(sizeof(HalfSums) >= 64 && sizeof(ChainSums) >= 128, "a tier owes HalfSums");
static_assert(kVotedChains == 32 || kVotedChains == 64,
              "a tier owes kVotedChains, in how many chains at once patterns vote");
/// ChainBytes: the same in eight bits, which wrap, with add(bits, x), take(other), twice_and(x), above(x),
/// store(out). ByteTotals: sixteen-bit totals of them, with add_signed(bits, sums), store(out).
static_assert(sizeof(ChainBytes) >= 64 && sizeof(ByteTotals) >= 128 && kKeptSums < 1024,
              "a tier owes ChainBytes, ByteTotals and kKeptSums");
/// ByteDraws: the numbers of 64 chains at two visits, with begin(low, high), sweep(number, limits), draw(at),
/// below(places, limits, visit). What it is given stays where it is.
static_assert(sizeof(ByteDraws) >= 64, "a tier owes ByteDraws");
/// The place of the lowest of some bits, one of which is set.
HOPFIELD_OWES(size_t, lowest_bit, uint64_t bits);
/// Adds a bit to each of 64 bytes, on a cache line.
HOPFIELD_OWES(void, count_chains, uint8_t* counts, uint64_t bits);
/// Bit c: whether the number of chain c is no larger than the limit at its place.
HOPFIELD_OWES(uint64_t, chains_below, const ChainSums& places, const ChanceLimits& limits,
              const uint32_t* high, const uint32_t* low);

// --- eight f64 lanes (*_real.h): struct Real8 with load8, store8, add8 and so on, as portable_real.h lists
// them; and how many registers of sums a block of products takes ---

static_assert(sizeof(Real8) == 8 * sizeof(double), "a tier owes Real8");
static_assert(kKeysAlone > 0 && kKeysTogether > 0 && kQueriesTogether > 0 && kColumnsTogether > 0 &&
                  kExps > 0,
              "a tier owes the sizes of its blocks");
HOPFIELD_OWES(void, fold_all<1>, const Real8* sums, double* out);

// --- sixteen f32 lanes (*_singles.h): struct Single16 with load16, store16, add16 and so on, as
// portable_singles.h lists them; and the sizes of blocks of sums ---

static_assert(sizeof(Single16) == 16 * sizeof(float), "a tier owes Single16");
static_assert(kTile > 0 && kTile <= 8 && kDotRows > 0 && kDotChains > 0 && kSingleKeys > 0 &&
                  kSingleQueries > 0,
              "a tier owes the sizes of its blocks");
HOPFIELD_OWES(void, fold_singles<1>, const Single16* sums, double* out);
static_assert(Fusing::kAlone > 0 && Fusing::kKeys > 0 && Fusing::kQueries > 0 && Fusing::kReaders > 0 &&
                  Fusing::kColumns > 0 && Fusing::kColumns <= kColumnsTogether,
              "a tier owes Fusing: how f32 products are summed, as direct_fusing.h has it");

// --- keys in bytes (*_quantized.h), explained in kernels/retrieval/quantized_keys.h ---

/// The largest byte of a query, so that no sum of two products saturates; and how many queries share a pass.
static_assert(kQueryLevels <= 127 && kQueriesAPass > 0, "a tier owes kQueryLevels and kQueriesAPass");
/// sums[c·64 + r] = Σ bytes of key r · codes of query c.
HOPFIELD_OWES(void, tile_products<1>, const uint8_t* keys, size_t groups, const int8_t* const* queries,
              int32_t* sums);
/// Bit r where values[r] ≥ least; and the largest of 64.
HOPFIELD_OWES(uint64_t, at_least64, const float* values, float least);
HOPFIELD_OWES(float, largest64, const float* values);
/// Asks for a line that is read after many others, so that it comes into the level-2 cache; or for `count`
/// floats that are read next. Inline always: to GCC a function that only asks does nothing, and its calls go.
HOPFIELD_OWES(void, prefetch_line, const float* at);
HOPFIELD_OWES(void, prefetch_row, const float* at, size_t count);

// --- lists (*_lists.h) ---

/// Writes from + r·kStep for each bit r that is set (kStep is a parameter, 1 by default), and up to 15
/// entries more after them. Returns how many.
HOPFIELD_OWES(size_t, list_bits, uint64_t bits, uint32_t from, uint32_t* out);
/// Keeps those indices whose bit is set in a row of so many words, in their order, and up to 16 entries more
/// after them. Returns how many.
HOPFIELD_OWES(size_t, keep_marked, const uint32_t* indices, size_t count, const uint32_t* row, size_t words,
              uint32_t* kept);
/// Keeps those values that lie no further than `cut` below `reference`, as values − reference, with their
/// keys, and up to 7 entries more after them. Returns how many.
HOPFIELD_OWES(size_t, keep_near, const double* values, const uint32_t* keys, size_t count, double reference,
              double cut, double* below, uint32_t* kept);

// --- replicas side by side (*_replicas.h), explained in kernels/annealing/ ---

static_assert(sizeof(ReplicaBits) >= sizeof(uint64_t) && 64 % sizeof(ReplicaBits) == 0,
              "a tier owes ReplicaBits: a register with a bit for each replica, no larger than a group");
HOPFIELD_OWES(ReplicaBits, load_replicas, const uint64_t* from);
HOPFIELD_OWES(void, store_replicas, uint64_t* to, ReplicaBits x);
/// The same 32 bits throughout.
HOPFIELD_OWES(ReplicaBits, repeat_bits, const uint32_t* bits);
HOPFIELD_OWES(ReplicaBits, xor_bits, ReplicaBits a, ReplicaBits b);
HOPFIELD_OWES(ReplicaBits, xor_three, ReplicaBits a, ReplicaBits b, ReplicaBits c);
HOPFIELD_OWES(ReplicaBits, and_bits, ReplicaBits a, ReplicaBits b);
HOPFIELD_OWES(ReplicaBits, majority, ReplicaBits a, ReplicaBits b, ReplicaBits c);
/// ¬a where `which` is set, ¬b elsewhere.
HOPFIELD_OWES(ReplicaBits, not_chosen, ReplicaBits which, ReplicaBits a, ReplicaBits b);
/// a + b + c = sum + 2·carry, bit by bit; `sum` may be one of them.
HOPFIELD_OWES(void, add_bits, ReplicaBits a, ReplicaBits b, ReplicaBits c, ReplicaBits* sum,
              ReplicaBits* carry);

// --- one replica (*_annealing.h) ---

/// Bit l of sixteen: whether x = spins[l]·totals[l] ≤ 0, or x ≤ count and drawn[l] < limits[x − 1]. There is
/// room for 32 limits at least.
HOPFIELD_OWES(uint32_t, taken_of_sixteen, const uint32_t* totals, const int32_t* spins, const uint32_t* drawn,
              const uint32_t* limits, uint32_t count);
HOPFIELD_OWES(uint32_t, taken_of_sixteen, const int16_t* totals, const int32_t* spins, const uint32_t* drawn,
              const uint32_t* limits, uint32_t count);
/// Rows of bytes for each of n neurons pay where neurons have n/kNeuronsPerBond bonds or more; never, if that
/// is 0.
static_assert(kNeuronsPerBond <= 64, "a tier owes kNeuronsPerBond");
/// out[l] = base + how many limits are above drawn[l], of 64; it fits.
HOPFIELD_OWES(void, limits_above, const uint32_t* drawn, const uint32_t* limits, uint32_t count, int32_t base,
              int8_t* out);
/// Bit l of sixteen: whether neuron l flips when they are visited in turn, which it does where
/// spins[l]·totals[l] ≤ bounds[l]; row l of the weights is what totals lose, times spins[l], where it does.
HOPFIELD_OWES(uint32_t, flips_of_sixteen, const int8_t* totals, const int32_t* spins, const int8_t* bounds,
              const int8_t* weights, size_t stride);

// --- a neuron's connections (*_connections.h) ---

/// Σ_k weights[k]·s_k, where s_k is ±1 as bit sources[k] of the state says; a source beyond `last` counts as
/// that. Σ|weights| < 2^31.
HOPFIELD_OWES(int32_t, connected_sum, const int32_t* weights, const uint32_t* sources, size_t count,
              const uint32_t* state, uint32_t last);
/// The same of connections in three bytes each, all of whose sources are bits of the state.
HOPFIELD_OWES(int32_t, connected_sum, const int8_t* weights, const uint16_t* sources, size_t count,
              const uint32_t* state);

#undef HOPFIELD_OWES

}  // namespace
}  // namespace hopfield

#endif  // HOPFIELD_SIMD_PRIMITIVES_H_
