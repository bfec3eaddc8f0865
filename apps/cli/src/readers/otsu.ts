/**
 * The grey level that best separates dark from light (Otsu 1979); levels up to it are dark. It has the largest between-class variance; if a range of
 * levels shares the largest, it is the middle of the range. For an image with a single level it is 127.
 */
export function otsu(grey: Uint8Array): number {
  const histogram = new Float64Array(256)
  for (const level of grey) histogram[level]++
  const total = histogram.reduce((sum, count, level) => sum + count * level, 0)
  let [best, first, last] = [0, 127, 127]
  let [count, sum] = [0, 0]
  for (let level = 0; level < 255; level++) {
    count += histogram[level]
    sum += histogram[level] * level
    const rest = grey.length - count
    if (count === 0 || rest === 0) continue
    const between = count * rest * (sum / count - (total - sum) / rest) ** 2
    if (between > best) [best, first, last] = [between, level, level]
    else if (between === best && best > 0) last = level
  }
  return Math.floor((first + last) / 2)
}
