import { expect, test } from 'vitest'
import { ClusterError } from '../src/errors.js'
import { tried, until, within } from '../src/tries.js'

/** What the last try is said to have failed of, where nobody listens at first and then nobody answers. */
async function told(deadline: number, unheard: number): Promise<string> {
  let tries = 0
  const step = async (left: number): Promise<never> => {
    if (tries++ < unheard) throw new Error('nobody listens')
    return within(new Promise<never>(() => {}), left)
  }
  const error = await tried(
    until(deadline),
    step,
    (cause) => new ClusterError('ERR_CLUSTER_LOST', (cause as Error).message),
  ).catch((reason: Error) => reason)
  return (error as Error).message
}

test('a try that the deadline cuts short at once does not hide why the one before it failed', async () => {
  expect(await told(150, 1)).toBe('nobody listens')
})

test('a try that had its time says itself why it failed', async () => {
  expect(await told(2000, 1)).toMatch(/^no answer within \d+ ms$/)
  expect(await told(300, 0)).toMatch(/^no answer within \d+ ms$/)
})
