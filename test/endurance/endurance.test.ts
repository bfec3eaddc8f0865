import { describe } from 'vitest'
import { endsWorkers, exitsProcesses } from './endings.js'
import { keepsMemoryFlat } from './flat-memory.js'
import { killsWhileSaving } from './kills.js'

// A little of endurance.long.test.ts.
describe('for a moment', () => {
  killsWhileSaving(4, 2)
  endsWorkers(5)
  exitsProcesses(4)
  keepsMemoryFlat({ recalls: 3_000, asynchronous: 500, files: 10 })
})
