import { BidirectionalMemory, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { hopfield, scratch } from './helpers.js'

const { file } = scratch()

describe('bench --serve', () => {
  test('asks every question that a memory answers, and gets answers', async () => {
    const [xs, ys] = [30, 21].map((neurons) => randomPatterns({ count: 3, neurons }))
    const path = file('pairs.safetensors')
    await new BidirectionalMemory({ inputs: 30, outputs: 21 }).store(xs, ys).save(path)
    const few = ['--connections', '4', '--seconds', '1', '--rounds', '1', '--json']
    const { code, stdout, stderr } = await hopfield(['bench', '--serve', path, ...few])
    expect([code, stderr]).toEqual([0, ''])
    const costs = JSON.parse(stdout) as { name: string; rate: number; failures: number }[]
    expect(costs.map(({ name }) => name)).toEqual(['Fastify alone', 'recall', 'overlaps', 'energy'])
    for (const { rate, failures } of costs) expect([rate > 0, failures]).toEqual([true, 0])
  })

  test('says what is wrong with the file or the options', async () => {
    const { code, stderr } = await hopfield(['bench', '--serve', file('nothing.safetensors')])
    expect([code, stderr]).toEqual([1, expect.stringContaining('nothing.safetensors')])
    expect(await hopfield(['bench'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--serve') })
    expect((await hopfield(['bench', '--serve', '--rounds', '0'])).code).toBe(2)
  })
})
