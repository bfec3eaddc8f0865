import { describe, expect, it } from 'vitest'
import { FirstFailure } from '../../src/async/first-failure.js'

describe('the first failure of a call', () => {
  it('is the one that is thrown', () => {
    const failure = new FirstFailure()
    failure.throwIfKnown()
    expect([failure.note('first'), failure.note('second'), failure.known]).toEqual([true, true, true])
    expect(() => failure.throwIfKnown()).toThrow('first')
  })

  it('comes too late where the call has finished', () => {
    const failure = new FirstFailure()
    failure.finish()
    expect([failure.note('late'), failure.known]).toEqual([false, false])
    failure.throwIfKnown()
  })

  it('is kept by a call that finishes after it', () => {
    const failure = new FirstFailure()
    failure.note('first')
    failure.finish()
    expect(() => failure.throwIfKnown()).toThrow('first')
  })

  it('ends the waiting for work, whose own failure then is nobody’s', async () => {
    const failure = new FirstFailure()
    let fail = (_: unknown) => {}
    const work = new Promise((_, reject) => {
      fail = reject
    })
    const waiting = failure.unlessKnown(work)
    failure.note('first')
    await waiting
    fail('second')
    await failure.unlessKnown(work)
    expect(() => failure.throwIfKnown()).toThrow('first')
  })
})
