/** Grey pictures that formulas paint, so that no photograph has to be shipped. */

export const SIDE = 24

/** x and y from −1 to 1, y down. Grey from −1, black, to 1, white. */
type Painting = (x: number, y: number) => number

const smooth = (value: number): number => Math.max(-1, Math.min(1, value))
/** 1 within a distance, −1 without, with a soft edge. */
const within = (distance: number, reach: number): number => smooth((reach - distance) * 9)

const PAINTINGS: Readonly<Record<string, Painting>> = {
  ball: (x, y) => {
    const z = 0.64 - x * x - y * y
    return z < 0 ? -0.9 : smooth(1.7 * (-0.5 * x - 0.6 * y + 0.65 * Math.sqrt(z)) - 0.2)
  },
  moon: (x, y) => {
    return Math.min(within(Math.hypot(x, y), 0.8), -within(Math.hypot(x - 0.38, y + 0.12), 0.72))
  },
  hills: (x, y) => {
    const near = y - 0.35 - 0.25 * Math.sin(3 * x + 1)
    const far = y + 0.05 - 0.2 * Math.sin(4 * x - 1)
    return near > 0 ? -0.9 : far > 0 ? -0.2 : smooth(0.9 + 0.5 * y)
  },
  waves: (x, y) => Math.sin(7 * y + 1.6 * Math.sin(3 * x)),
  target: (x, y) => Math.cos(12 * Math.hypot(x, y)),
  window: (x, y) => {
    const frame = Math.max(Math.abs(x), Math.abs(y))
    const bars = Math.min(Math.abs(x), Math.abs(y))
    return frame > 0.85 ? -1 : frame > 0.7 || bars < 0.09 ? 1 : -0.6 - 0.4 * y
  },
  spiral: (x, y) => Math.sin(3 * Math.atan2(y, x) + 9 * Math.hypot(x, y)),
  tree: (x, y) => {
    const trunk = Math.abs(x) < 0.1 && y > 0.2 && y < 0.9
    const crown = y > -0.9 && y < 0.4 && Math.abs(x) < 0.25 + 0.45 * ((y + 0.9) % 0.5)
    return trunk ? 0.5 : crown ? 1 : -0.8
  },
  face: (x, y) => {
    const eye = Math.hypot(Math.abs(x) - 0.3, y + 0.2) < 0.13
    const mouth = Math.abs(Math.hypot(x, y) - 0.5) < 0.08 && y > 0.12
    return eye || mouth ? -1 : within(Math.hypot(x, y), 0.82)
  },
  stairs: (x, y) => (Math.floor((x + 1) * 3) + Math.floor((1 - y) * 3) < 5 ? 0.8 : -0.8),
  checks: (x, y) => ((Math.floor((x + 1) * 2) + Math.floor((y + 1) * 2)) % 2 === 0 ? 0.9 : -0.9),
  fan: (x, y) => Math.cos(8 * Math.atan2(y - 0.9, x)),
}

export const PICTURES: readonly string[] = Object.keys(PAINTINGS)

/** 24 × 24 grey values, row after row. */
export function paintedPicture(name: string): Float32Array {
  const paint = PAINTINGS[name]
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)].map((at) => (2 * (at + 0.5)) / SIDE - 1)
    return paint(x, y)
  })
}
