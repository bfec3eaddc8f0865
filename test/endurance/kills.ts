import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { fromBytes, HopfieldNetwork, ModernHopfield, randomPatterns } from '../../src/index.js'

// A process that is killed while it saves. Under the name there is then the file of before or the new one, whole; or none, if there was none.

const PROGRAM = `
import { fromBytes } from 'hopfield-native'
import { readFileSync } from 'node:fs'
const [folder] = process.argv.slice(2)
const memories = ['one', 'other'].map((name) => fromBytes(readFileSync(folder + '/' + name)))
process.on('message', async (path) => {
  for (let k = 0; ; k++) {
    process.send('saving')
    await memories[k % 2].save(path)
  }
})
process.send('ready')
`

/** Two memories that take a few milliseconds to write. */
function two(): Uint8Array[] {
  const values = Float32Array.from({ length: 2000 * 64 }, (_, k) => Math.sin(k))
  return [
    new HopfieldNetwork({ neurons: 2048 })
      .store(randomPatterns({ count: 800, neurons: 2048, seed: 1 }))
      .toBytes(),
    new ModernHopfield({ dimension: 64 }).store(values).toBytes(),
  ]
}

/** Kills `count` processes, `beside` at a time. */
export function killsWhileSaving(count: number, beside: number): void {
  it(`${count} kills in the middle of saving leave whole files`, async () => {
    const folder = await mkdtemp('build-kills-')
    try {
      const files = two()
      await writeFile(join(folder, 'one'), files[0])
      await writeFile(join(folder, 'other'), files[1])
      await writeFile(join(folder, 'program.mjs'), PROGRAM)
      const tally = { killed: 0, none: 0, litter: 0 }
      const lanes = Array.from({ length: beside }, (_, lane) => oneLane(folder, lane, tally, count, files))
      await Promise.all(lanes)
      console.log(
        `${tally.killed} kills: ${tally.none} before there was a file, ${tally.litter} beginnings left`,
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}

interface Tally {
  killed: number
  none: number
  litter: number
}

async function oneLane(
  folder: string,
  lane: number,
  tally: Tally,
  count: number,
  files: Uint8Array[],
): Promise<void> {
  const name = `lane-${lane}.safetensors`
  const path = join(folder, name)
  while (tally.killed < count) {
    const round = tally.killed++
    const had = round % 4 !== 0
    if (had) await writeFile(path, files[round % 2])
    else await rm(path, { force: true })
    await killed(folder, path)
    const left = (await readdir(folder)).filter((each) => each.startsWith(`${name}.`))
    // One beginning at most, under a name of its own.
    expect(left.length).toBeLessThan(2)
    for (const each of left) {
      expect(each).toMatch(/\.[0-9a-f]{12}\.tmp$/)
      await unlink(join(folder, each))
      tally.litter++
    }
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes === undefined) {
      expect(had, 'a file was lost').toBe(false)
      tally.none++
      continue
    }
    expect(
      files.some((file) => bytes.equals(file)),
      'a file was torn',
    ).toBe(true)
    fromBytes(bytes)
  }
}

/** Lets a process save to `path`, and kills it at some moment. */
async function killed(folder: string, path: string): Promise<void> {
  const child: ChildProcess = fork(join(folder, 'program.mjs'), [folder])
  const gone = once(child, 'exit')
  // It may end by itself, if something is wrong; then it was not killed, and the test says so.
  await Promise.race([once(child, 'message'), gone])
  if (child.connected) child.send(path)
  await Promise.race([once(child, 'message'), gone])
  const moment = 30 * Math.random()
  if (moment < 15) await delay(moment)
  else for (const until = performance.now() + moment - 15; performance.now() < until; );
  child.kill('SIGKILL')
  const [, signal] = await gone
  expect(signal).toBe('SIGKILL')
}
