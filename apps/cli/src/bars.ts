const BLOCKS = '▁▂▃▄▅▆▇█'
const MOST_BARS = 32

/** Numbers as bars, the least as the lowest; of many numbers some, the first and the last among them. */
export function bars(numbers: readonly number[]): string {
  const count = Math.min(MOST_BARS, numbers.length)
  const some = Array.from(
    { length: count },
    (_, k) => numbers[count === 1 ? 0 : Math.round((k * (numbers.length - 1)) / (count - 1))],
  )
  const [low, high] = [Math.min(...some), Math.max(...some)]
  return some.map((x) => BLOCKS[high === low ? 0 : Math.round((7 * (x - low)) / (high - low))]).join('')
}
