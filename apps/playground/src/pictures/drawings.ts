// Pictures that are there from the start, drawn at any size from what a point is inside of.
import type { Picture } from '../state/picture.js'

/** Whether a point has ink; x to the right and y down, from −1 to 1. */
type Drawing = (x: number, y: number) => boolean

const within = (x: number, y: number, radius: number) => x * x + y * y < radius * radius

export const DRAWINGS: Readonly<Record<string, Drawing>> = {
  face: (x, y) => {
    const r = Math.hypot(x, y)
    const eyes = within(Math.abs(x) - 0.32, y + 0.25, 0.13)
    const mouth = Math.abs(Math.hypot(x, y - 0.05) - 0.52) < 0.08 && y > 0.2
    return (r < 0.92 && r > 0.78) || eyes || mouth
  },
  heart: (x, y) => {
    const [u, v] = [1.25 * x, 0.25 - 1.25 * y]
    return (u * u + v * v - 0.8) ** 3 - 1.3 * u * u * v ** 3 < 0
  },
  star: (x, y) => {
    const turn = (2 * Math.PI) / 5
    const angle = Math.atan2(x, -y - 0.05)
    const off = Math.abs(angle - turn * Math.round(angle / turn))
    // The edge of a star goes from an outer corner to the inner one beside it.
    const [outer, inner] = [0.95, 0.4]
    const half = turn / 2
    const edge = (outer * inner * Math.sin(half)) / (outer * Math.sin(off) + inner * Math.sin(half - off))
    return Math.hypot(x, y + 0.05) < edge
  },
  moon: (x, y) => within(x + 0.1, y, 0.88) && !within(x - 0.3, y + 0.12, 0.72),
  tree: (x, y) => {
    const trunk = Math.abs(x) < 0.1 && y > 0.5 && y < 0.92
    const crown = [-0.92, -0.5, -0.05].some(
      (top, k) => y > top && y < top + 0.62 && Math.abs(x) < (y - top) * (0.62 + 0.16 * k),
    )
    return trunk || crown
  },
  house: (x, y) => {
    const roof = y > -0.85 && y < -0.1 && Math.abs(x) < (y + 0.85) * 1.15
    const wall = y >= -0.1 && y < 0.85 && Math.abs(x) < 0.66
    const door = Math.abs(x - 0.25) < 0.16 && y > 0.25
    const window = Math.abs(x + 0.28) < 0.2 && y > 0.12 && y < 0.5
    return roof || (wall && !door && !window)
  },
}

/** A drawing as ±1 pixels. */
export function drawn(drawing: Drawing, side: number): Picture {
  const at = (k: number) => (2 * (k + 0.5)) / side - 1
  const pixels = new Int8Array(side * side)
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) pixels[y * side + x] = drawing(at(x), at(y)) ? 1 : -1
  return { side, pixels }
}

/** The visitor's pictures, or where there are none the drawings. */
export function picturesOf(own: readonly Picture[], side: number): readonly Picture[] {
  return own.length > 0 ? own : Object.values(DRAWINGS).map((drawing) => drawn(drawing, side))
}
