// Included inside a tier's own namespace and target region. No includes here.

/// One vote of one pattern: at most ±32767, so that a 16-bit lane holds it.
struct Ballot {
  uint32_t row;
  int32_t vote;
};

/// The patterns neuron by neuron, as asynchronous updates read them.
struct Columns {
  const uint32_t* words;
  size_t height;  ///< words from one column to the next
  size_t used;    ///< of them words that hold patterns
  size_t span;    ///< words 16-bit lane sums can take before they must be widened
};
