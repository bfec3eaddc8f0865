// For tiers without a better way: one visit at a time on the tier's own column_sum.
// Included inside a tier's own namespace and target region, behind its column_sum. No includes here.

/// From visit `from` on, the first whose neuron has a field h_i = 2·Σ votes − total − count·s_i against its
/// value; `to` if none has. |h| < 2^31.
template <class Vote>
static inline size_t seek_column(const Columns& columns, const Vote* votes, int32_t total, int32_t count,
                                 Tie tie, const uint32_t* visits, size_t from, size_t to,
                                 const uint32_t* state) {
  for (size_t u = from; u < to; u++) {
    const size_t i = visits[u];
    const unsigned bit = bit_at(state, i);
    const int64_t sum = column_sum(columns.words + i * columns.height, votes, columns.used, columns.span);
    const int64_t h = 2 * sum - total - (bit ? count : -count);
    const unsigned at_zero = tie == Tie::kKeep ? bit : static_cast<unsigned>(tie == Tie::kPositive);
    if ((h > 0 ? 1u : h < 0 ? 0u : at_zero) != bit) return u;
  }
  return to;
}
