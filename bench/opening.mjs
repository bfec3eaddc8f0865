// How long does it take to open a saved memory, mapped and read, and how much memory? Each row is asked of new processes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'
import { duration, QUICK, table } from './measure.mjs'

const PATTERNS = QUICK ? 10_000 : 1_000_000
const KEYS = QUICK ? 500 : 50_000
const PROCESSES = QUICK ? 1 : 5
const OPENS = 9

const OPEN = `
  const [path, mmap, opens] = [process.argv[1], process.argv[2] === 'mapped', Number(process.argv[3])]
  const { load, HopfieldNetwork } = await import('hopfield-native')
  HopfieldNetwork.fromBytes(new HopfieldNetwork({ neurons: 2 }).toBytes())
  const before = process.memoryUsage().rss
  const times = []
  let memory
  for (let k = 0; k < opens; k++) {
    const start = performance.now()
    memory = await load(path, { mmap })
    times.push((performance.now() - start) / 1e3)
  }
  const grown = process.memoryUsage().rss - before
  console.log(JSON.stringify({ first: times[0], later: times.sort((a, b) => a - b)[times.length >> 1], grown, patterns: memory.patternCount }))`

const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1]

export async function run(report) {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-bench-'))
  try {
    const memories = [
      [
        `${PATTERNS.toLocaleString('en')} patterns of 1024 neurons`,
        new HopfieldNetwork({ neurons: 1024 }).store(
          randomPatterns({ count: PATTERNS, neurons: 1024, packed: true }),
        ),
      ],
      [
        `${KEYS.toLocaleString('en')} vectors of 512 numbers`,
        new ModernHopfield({ dimension: 512, beta: 8 }).store(
          Float32Array.from({ length: KEYS * 512 }, (_, k) => Math.sin(k)),
        ),
      ],
    ]
    const rows = []
    for (const [name, memory] of memories) {
      const path = join(folder, 'memory.safetensors')
      const start = performance.now()
      await memory.save(path)
      const save = (performance.now() - start) / 1e3
      for (const [how, opens] of [
        ['mapped', OPENS],
        ['read', 1],
      ]) {
        const asked = Array.from({ length: PROCESSES }, () =>
          JSON.parse(
            execFileSync(process.execPath, ['--input-type=module', '-e', OPEN, path, how, String(opens)], {
              encoding: 'utf8',
            }),
          ),
        )
        const [first, later, grown] = ['first', 'later', 'grown'].map((key) =>
          middle(asked.map((one) => one[key])),
        )
        const bytes = statSync(path).size
        report.json({ question: 'opening', memory: name, how, bytes, first, later, grown, save })
        rows.push([
          `${name}, ${how}`,
          `${Math.round(bytes / 1e6)} MB`,
          duration(first),
          how === 'mapped' ? duration(later) : '',
          `${(grown / 1e6).toFixed(1)} MB`,
          duration(save),
        ])
      }
    }
    report.text('## Opening a file of a memory\n')
    report.text(
      table(['', 'file', 'first open of a process', `median of ${OPENS}`, 'memory grown', 'saving it'], rows),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
