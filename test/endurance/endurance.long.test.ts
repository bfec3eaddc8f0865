import { describe } from 'vitest'
import { endsWorkers, exitsProcesses } from './endings.js'
import { keepsMemoryFlat } from './flat-memory.js'
import { killsWhileSaving } from './kills.js'

// docs/trust.md gives these counts.
describe('for long', () => {
  killsWhileSaving(1000, 4)
  endsWorkers(500)
  exitsProcesses(200)
  keepsMemoryFlat({ recalls: 1_000_000, asynchronous: 100_000, files: 10_000 })
})
