import { describe, expect, test } from 'vitest'
import { DRAWINGS, drawn } from '../../src/pictures/drawings.js'
import { partingOf } from '../../src/pictures/reading.js'

describe('the drawings', () => {
  test.each([16, 256])('have ink and paper, and none is another one, at %i pixels', (side) => {
    const pictures = Object.values(DRAWINGS).map((drawing) => drawn(drawing, side).pixels)
    const inks = pictures.map((pixels) => pixels.reduce((sum, pixel) => sum + (pixel + 1) / 2, 0) / side ** 2)
    for (const ink of inks) {
      expect(ink).toBeGreaterThan(0.05)
      expect(ink).toBeLessThan(0.6)
    }
    expect(new Set(pictures.map(String)).size).toBe(pictures.length)
  })
})

describe('the parting of shades', () => {
  test('lies between two heaps of them', () => {
    const shades = Uint8Array.from({ length: 1000 }, (_, i) => (i < 300 ? 20 + (i % 30) : 180 + (i % 50)))
    const parting = partingOf(shades) as number
    expect(parting).toBeGreaterThanOrEqual(49)
    expect(parting).toBeLessThan(180)
  })

  test('is nowhere in one shade', () => {
    for (const shade of [0, 77, 255]) expect(partingOf(new Uint8Array(16).fill(shade))).toBeUndefined()
  })

  test('is between the two shades where there are no others', () => {
    expect(partingOf(Uint8Array.of(0, 255))).toBeGreaterThanOrEqual(0)
    expect(partingOf(Uint8Array.of(0, 255))).toBeLessThan(255)
    expect(partingOf(Uint8Array.of(254, 255, 255))).toBe(254)
  })
})
