/** a·b + c of f32 numbers, rounded once to f32 as a fused instruction does; without overflow. */
export function fused(a: number, b: number, c: number): number {
  const product = a * b // exact
  const sum = product + c
  const nearest = Math.fround(sum)
  const rest = sum - nearest
  const beyond = sum + rest
  // What the sum in f64 lost can matter halfway between two numbers of f32 alone.
  if (rest === 0 || Math.fround(beyond) !== beyond) return nearest
  const back = sum - product
  const lost = product - (sum - back) + (c - back)
  return lost !== 0 && lost > 0 === rest > 0 ? beyond : nearest
}
