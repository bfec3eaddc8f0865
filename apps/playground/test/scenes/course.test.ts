import { describe, expect, test } from 'vitest'
import { Course } from '../../src/scenes/course.js'

describe('a course', () => {
  test.each([
    1,
    5,
    Course.most,
    Course.most + 1,
    12_345,
  ])('of %i points has the first, the last, and no more than a plot shows', (count) => {
    const course = new Course()
    for (let k = 0; k < count; k++) course.add(k, -2 * k, [k, -k])
    const { sweeps, energies, overlaps } = course.copy()
    expect(sweeps.length).toBeLessThanOrEqual(Course.most + 1)
    expect(sweeps.length).toBeGreaterThanOrEqual(Math.min(count, Course.most / 2))
    expect(sweeps[0]).toBe(0)
    expect(sweeps[sweeps.length - 1]).toBe(count - 1)
    expect(sweeps.every((sweep, k) => k === 0 || sweep > sweeps[k - 1])).toBe(true)
    expect(energies).toEqual(sweeps.map((sweep) => -2 * sweep))
    expect(overlaps).toEqual([sweeps, sweeps.map((sweep) => -sweep)])
  })
})
