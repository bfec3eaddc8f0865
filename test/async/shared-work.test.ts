import { describe, expect, it } from 'vitest'
import { allBeside, NOBODY, Shared, type Steps } from '../../src/async/steps.js'
import { rejection } from '../helpers/refusal.js'

function* waiting(work: Promise<unknown>, then: () => void = () => {}): Steps<string> {
  yield new Shared(work)
  then()
  return 'done'
}

describe('work that others wait for, too', () => {
  it('is waited for', async () => {
    let ready = false
    const work = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => {
      ready = true
    })
    expect([await allBeside(waiting(work), NOBODY), ready]).toEqual(['done', true])
  })

  it('fails for all of them', async () => {
    const error = new Error('no memory')
    const work = Promise.reject(error)
    // It may fail before the steps come to it.
    work.catch(() => {})
    expect(await rejection(allBeside(waiting(work), NOBODY))).toBe(error)
  })

  it('is waited for no longer than until an abort, and what follows it is not done', async () => {
    const stop = new AbortController()
    let [end, followed] = [() => {}, false]
    const work = new Promise<void>((resolve) => {
      end = resolve
    })
    const running = allBeside(
      waiting(work, () => {
        followed = true
      }),
      { signal: stop.signal, onProgress: undefined },
    )
    setTimeout(() => stop.abort('enough'))
    expect(await rejection(running)).toBe('enough')
    end()
    await work
    expect(followed).toBe(false)
  })
})
