import { randomPatterns } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { drawnLines, drawnSign, type Point } from '../pictures/strokes.js'
import { NEURONS, type P, SIDE } from './parameters.js'

/** Frames of half a stride: in the other half the legs change places, and look the same. */
const RUN = 10

/** Frames of a film, one after the other: K × 1024 values ±1. */
export function framesOf({ film, seed }: Pick<Values<P>, 'film' | 'seed'>): Int8Array {
  if (film === 'random') return randomPatterns({ count: 12, neurons: NEURONS, seed })
  const frames =
    film === 'letters'
      ? [...'HOPFIELD'].map((letter) => drawnSign(letter, SIDE))
      : Array.from({ length: RUN }, (_, k) => drawnLines(SIDE, runner(k / (2 * RUN)), 1.4))
  const all = new Int8Array(frames.length * NEURONS)
  for (const [k, frame] of frames.entries()) all.set(frame, k * NEURONS)
  return all
}

/** A figure at a phase of its stride, from 0 to 1: head, back, arms and legs as lines in pixels. */
function runner(phase: number): Point[][] {
  const turn = 2 * Math.PI * phase
  const bounce = 0.8 * Math.cos(2 * turn)
  const [hip, neck]: Point[] = [
    [14.5, 18 + bounce],
    [17, 9.5 + bounce],
  ]
  const head = Array.from({ length: 9 }, (_, k): Point => {
    return [18.2 + 2 * Math.cos((k * Math.PI) / 4), 5.2 + bounce + 2 * Math.sin((k * Math.PI) / 4)]
  })
  /** Angles from straight down; forward is to the right. */
  const limb = (from: Point, upper: number, lower: number, [a, b]: Point): Point[] => {
    const middle: Point = [from[0] + a * Math.sin(upper), from[1] + a * Math.cos(upper)]
    return [from, middle, [middle[0] + b * Math.sin(lower), middle[1] + b * Math.cos(lower)]]
  }
  const legs = [0, Math.PI].map((shift) => {
    const swing = 0.95 * Math.sin(turn + shift)
    const knee = 0.9 + 0.8 * Math.cos(turn + shift + 0.4)
    return limb(hip, 0.15 + swing, 0.15 + swing - knee, [6.2, 6.2])
  })
  const arms = [0, Math.PI].map((shift) => {
    const swing = 0.9 * Math.sin(turn + shift + Math.PI)
    return limb(neck, swing, swing + 1.4, [4.6, 4.4])
  })
  return [head, [neck, hip], ...legs, ...arms]
}
