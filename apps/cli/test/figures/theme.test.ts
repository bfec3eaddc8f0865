import { describe, expect, test } from 'vitest'
import { colorsOf, rgbOf, TWINS } from '../../src/figures/theme.js'

const linear = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)

/** Relative luminance and contrast as WCAG 2 has them. */
function contrast(a: string, b: string): number {
  const light = (color: string): number => {
    const [r, g, blue] = rgbOf(color).map((x) => linear(x / 255))
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [x, y] = [light(a), light(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** What dichromats see (Machado, Oliveira and Fernandes, 2009, severity 1), in linear light. */
const SIGHTS = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
}

/** CIELAB. */
function lab(color: string, sight: readonly number[]): number[] {
  const rgb = rgbOf(color).map((x) => linear(x / 255))
  const [r, g, b] = [0, 1, 2].map((k) => rgb.reduce((sum, x, j) => sum + sight[3 * k + j] * x, 0))
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

describe.each(['light', 'dark'] as const)('the %s colours', (theme) => {
  const colors = colorsOf(theme)

  test('of text have the contrast that text needs', () => {
    for (const color of [colors.ink, colors.faint, ...colors.series]) {
      expect(contrast(color, colors.paper)).toBeGreaterThan(4.5)
    }
  })

  test.each(Object.entries(SIGHTS))('of the first four curves differ for eyes with %s sight', (_, sight) => {
    const seen = colors.series.slice(0, 4).map((color) => lab(color, sight))
    for (const [k, a] of seen.entries()) {
      // 2.3 is a difference that is just seen; lines are thin, so three times that.
      for (const b of seen.slice(k + 1)) expect(Math.hypot(...a.map((x, i) => x - b[i]))).toBeGreaterThan(7)
    }
  })

  test('of an amount get lighter from none to all, whoever looks', () => {
    const shades = Array.from({ length: 33 }, (_, k) => colors.amount(k / 32))
    for (const sight of Object.values(SIGHTS)) {
      const lightness = shades.map((shade) => lab(shade, sight)[0])
      expect(lightness).toEqual(lightness.toSorted((a, b) => a - b))
    }
  })
})

test('each light colour has one dark twin', () => {
  const [light, dark] = [colorsOf('light'), colorsOf('dark')]
  for (let k = -16; k <= 16; k++) {
    expect(TWINS.get(light.signed(k / 16))).toBe(dark.signed(k / 16))
    if (k < 0) continue
    expect(TWINS.get(light.grey(k / 16))).toBe(dark.grey(k / 16))
    expect(TWINS.get(light.grey(k / 16, true))).toBe(dark.grey(k / 16, true))
  }
  for (const [k, color] of light.series.entries()) expect(TWINS.get(color)).toBe(dark.series[k])
  for (const name of ['paper', 'ink', 'faint', 'rule', 'frame', 'blank', 'wrong'] as const) {
    expect(TWINS.get(light[name])).toBe(dark[name])
  }
})
