import { describe, expect, it } from 'vitest'
import { abreast, allHere, type KernelCall, type Steps } from '../../src/async/steps.js'

/** A work of some calls, each of which writes its name. */
function work(name: string, calls: number, log: string[]): Steps<void> {
  function* steps(): Steps<void> {
    try {
      for (let k = 0; k < calls; k++) {
        yield { here: () => log.push(`${name}${k}`), beside: async () => {} } as unknown as KernelCall
      }
    } finally {
      log.push(`${name} ends`)
    }
  }
  return steps()
}

describe('abreast', () => {
  it('does one work after the other with one thread', () => {
    const log: string[] = []
    allHere(abreast([work('a', 2, log), work('b', 1, log)], 1))
    expect(log).toEqual(['a0', 'a1', 'a ends', 'b0', 'b ends'])
  })

  it('makes the calls of as many works together as there are threads, and begins the next where one ends', () => {
    const log: string[] = []
    allHere(abreast([work('a', 3, log), work('b', 1, log), work('c', 2, log)], 2))
    expect(log).toEqual(['a0', 'b0', 'b ends', 'a1', 'a2', 'c0', 'a ends', 'c1', 'c ends'])
  })

  it('begins no work before its time, and ends those that run where it is abandoned', () => {
    const log: string[] = []
    let begun = 0
    function* works(): Generator<Steps<void>> {
      for (;;) {
        begun++
        yield work(String(begun), 5, log)
      }
    }
    const all = abreast(works(), 2)
    ;(all.next().value as KernelCall).here()
    all.return(undefined)
    expect(begun).toBe(2)
    expect(log).toEqual(['10', '20', '1 ends', '2 ends'])
  })
})
