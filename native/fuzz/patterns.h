// Packed patterns of a fuzz input, by rules that make ties, equal overlaps and huge ones.
#ifndef HOPFIELD_FUZZ_PATTERNS_H_
#define HOPFIELD_FUZZ_PATTERNS_H_

#include "core/tier.h"
#include "fuzz/input.h"

namespace hopfield {
namespace fuzz {

/// `count` rows of `neurons` bits with clean padding.
inline Array<uint32_t> rows_of(Input& input, size_t count, size_t neurons) {
  enum Rule { kRandom, kBytes, kEqual, kComplement, kFew, kNear, kRules };
  const auto rule = static_cast<Rule>(input.below(kRules));
  Stream stream(input);
  const size_t words = row_words(neurons);
  Array<uint32_t> rows(count * words, input.flag());
  for (size_t mu = 0; mu < count; mu++) {
    uint32_t* row = rows.data() + mu * words;
    const uint32_t* before = mu == 0 ? nullptr : row - words;
    for (size_t k = 0; k < words; k++) {
      const auto random = static_cast<uint32_t>(stream.bits());
      if (rule == kBytes) {
        row[k] = input.left() > 0 ? input.word() : 0;
      } else if (rule == kFew) {
        row[k] = random & static_cast<uint32_t>(stream.bits()) & static_cast<uint32_t>(stream.bits());
      } else if (before == nullptr || rule == kRandom) {
        row[k] = random;
      } else if (rule == kEqual) {
        row[k] = before[k];
      } else if (rule == kComplement) {
        row[k] = mu % 2 == 1 ? ~before[k] : random;
      } else {
        row[k] = before[k] ^ (random % 4 == 0 ? 1u << (random >> 27) : 0);
      }
    }
    clear_padding(row, neurons);
  }
  return rows;
}

/// States near these patterns, or anywhere.
inline Array<uint32_t> states_of(Input& input, const Array<uint32_t>& rows, size_t count, size_t states,
                                 size_t neurons) {
  const size_t words = row_words(neurons);
  const uint8_t noise = input.byte();
  Stream stream(input);
  Array<uint32_t> out(states * words, input.flag());
  for (size_t b = 0; b < states; b++) {
    const size_t mu = count == 0 ? 0 : stream.below(count);
    const bool anywhere = count == 0 || noise % 4 == 3;
    for (size_t k = 0; k < words; k++) {
      uint32_t word = static_cast<uint32_t>(stream.bits());
      if (!anywhere) {
        // A half of the bits, a quarter, an eighth …
        for (int less = 0; less < noise % 8; less++) word &= static_cast<uint32_t>(stream.bits());
        word ^= rows[mu * words + k];
      }
      out[b * words + k] = word;
    }
    clear_padding(out.data() + b * words, neurons);
  }
  return out;
}

inline Array<uint32_t> columns_of(const Tier& tier, const Array<uint32_t>& rows, size_t count, size_t neurons,
                                  bool aligned) {
  Array<uint32_t> columns(neurons * column_words(count), aligned);
  tier.transpose(rows.data(), count, neurons, columns.data());
  return columns;
}

}  // namespace fuzz
}  // namespace hopfield

#endif  // HOPFIELD_FUZZ_PATTERNS_H_
