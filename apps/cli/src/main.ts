#!/usr/bin/env node
import { run } from './program.js'
import { endOnSignals, endQuietlyOnClosedPipe } from './signals.js'

endOnSignals()
endQuietlyOnClosedPipe()
process.exitCode = await run(process.argv.slice(2))
