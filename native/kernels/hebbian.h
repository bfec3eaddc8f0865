// Included inside a tier's own namespace and target region; see tiers/*.cc. No includes here.

static void hebbian(const uint32_t* columns, size_t count, size_t neurons, int sign, int32_t* weights) {
  if (count == 0) return;
  Workspace workspace;
  const size_t words = column_words(count) / 2;
  // Word w of every neuron side by side, so that one vector holds the same word of neighbouring neurons.
  uint64_t* planes = workspace.take<uint64_t>(words * neurons);
  for (size_t j = 0; j < neurons; j++) {
    for (size_t w = 0; w < words; w++) planes[w * neurons + j] = load64(columns + (j * words + w) * 2);
  }
  uint64_t* column = workspace.take<uint64_t>(words);
  int32_t* differing = workspace.take<int32_t>(neurons);
  const int32_t base = sign * static_cast<int32_t>(count);
  const int32_t factor = 2 * sign;
  for (size_t i = 0; i < neurons; i++) {
    for (size_t w = 0; w < words; w++) column[w] = planes[w * neurons + i];
    column_differences(planes, neurons, words, column, differing);
    int32_t* row = weights + i * neurons;
    const int32_t diagonal = row[i];
    for (size_t j = 0; j < neurons; j++) row[j] += base - factor * differing[j];
    row[i] = diagonal;
  }
}
