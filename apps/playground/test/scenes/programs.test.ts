/// <reference types="node" />
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-5.4'
import { beforeAll, describe, expect, it } from 'vitest'
import { AttentionModel } from '../../src/scenes/attention/model.js'
import { parameters as attention } from '../../src/scenes/attention/parameters.js'
import { program as attentionProgram } from '../../src/scenes/attention/program.js'
import { CutModel } from '../../src/scenes/cut/model.js'
import { parameters as cut } from '../../src/scenes/cut/parameters.js'
import { program as cutProgram } from '../../src/scenes/cut/program.js'
import { GlyphsModel } from '../../src/scenes/glyphs/model.js'
import { parameters as glyphs } from '../../src/scenes/glyphs/parameters.js'
import { program as glyphsProgram } from '../../src/scenes/glyphs/program.js'
import { HeatModel } from '../../src/scenes/heat/model.js'
import { parameters as heat } from '../../src/scenes/heat/parameters.js'
import { program as heatProgram } from '../../src/scenes/heat/program.js'
import { LoadModel } from '../../src/scenes/load/model.js'
import { parameters as load } from '../../src/scenes/load/parameters.js'
import { program as loadProgram } from '../../src/scenes/load/program.js'
import { SequenceModel } from '../../src/scenes/sequence/model.js'
import { parameters as sequence } from '../../src/scenes/sequence/parameters.js'
import { program as sequenceProgram } from '../../src/scenes/sequence/program.js'
import { TourModel } from '../../src/scenes/tour/model.js'
import { parameters as tour } from '../../src/scenes/tour/parameters.js'
import { program as tourProgram } from '../../src/scenes/tour/program.js'
import { frameAfter, valuesOf } from './values.js'

const PACKAGE = fileURLToPath(new URL('../../../..', import.meta.url))

/** Runs programs one after the other, in a process of its own, and prints what each has printed. */
const DRIVER = `
const printed = {}
for (const name of process.argv.slice(2)) {
  const lines = []
  console.log = (line) => lines.push(line)
  await import(\`./\${name}.mjs\`)
  printed[name] = lines.join('\\n')
}
process.stdout.write(JSON.stringify(printed))
`

/** What each program prints under Node, in a folder that has the package as a stranger's would. */
function printedBy(programs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'hopfield-programs-'))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(PACKAGE, join(folder, 'node_modules', 'hopfield-native'), 'junction')
    for (const [name, program] of Object.entries(programs)) {
      const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }
      const { outputText } = ts.transpileModule(program, { compilerOptions: options })
      writeFileSync(join(folder, `${name}.mjs`), outputText)
    }
    writeFileSync(join(folder, 'driver.mjs'), DRIVER)
    const words = [join(folder, 'driver.mjs'), ...Object.keys(programs)]
    return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const VALUES = {
  load: valuesOf(load, { neurons: '256', load: 0.12 }),
  heat: valuesOf(heat, { neurons: '32' }),
  glyphs: valuesOf(glyphs, { count: 20 }),
  runner: valuesOf(sequence, { film: 'runner', rule: 'sequence' }),
  letters: valuesOf(sequence, { film: 'letters', rule: 'projection' }),
  random: valuesOf(sequence, { film: 'random', rule: 'sequence' }),
  sweep: valuesOf(attention, { sweep: true, beta: 0.5 }),
  fixed: valuesOf(attention, { sweep: false, beta: 0.5 }),
  cut: valuesOf(cut, { nodes: 40, sweeps: 60 }),
  tour: valuesOf(tour, { cities: 8 }),
} as const

describe('copied programs run under Node and end where their scenes end', () => {
  let printed: Readonly<Record<string, string>> = {}
  beforeAll(async () => {
    printed = printedBy({
      load: loadProgram(VALUES.load),
      heat: heatProgram(VALUES.heat),
      glyphs: glyphsProgram(VALUES.glyphs),
      runner: await sequenceProgram(VALUES.runner),
      letters: await sequenceProgram(VALUES.letters),
      random: await sequenceProgram(VALUES.random),
      sweep: await attentionProgram(VALUES.sweep),
      fixed: await attentionProgram(VALUES.fixed),
      cut: await cutProgram(VALUES.cut),
      tour: await tourProgram(VALUES.tour),
    })
  })

  it('load', () => {
    const { overlap, error, theory } = frameAfter(new LoadModel(VALUES.load))
    expect(printed['load']).toContain(`m = ${overlap.toFixed(4)} ± ${error.toFixed(4)} on 100 networks`)
    expect(printed['load']).toContain(theory.toFixed(4))
  })

  it('heat', () => {
    const { overlap, theory } = frameAfter(new HeatModel(VALUES.heat), 200)
    expect(printed['heat']).toContain(`sweep 200: m = ${overlap.toFixed(3)}`)
    expect(printed['heat']).toContain(theory.toFixed(3))
  })

  it('glyphs', () => {
    const { restored } = frameAfter(new GlyphsModel(VALUES.glyphs))
    const counts = [...printed['glyphs'].matchAll(/restores (\d+) of 20/g)].map(([, count]) => Number(count))
    expect(counts).toEqual([...restored])
  })

  it.each(['runner', 'letters', 'random'] as const)('sequence: %s', (film) => {
    const { overlaps, due } = frameAfter(new SequenceModel(VALUES[film]), 15)
    expect(printed[film]).toContain(`update 15: m = ${overlaps[due].toFixed(2)}`)
  })

  it.each(['sweep', 'fixed'] as const)('attention: β %s', (kind) => {
    const { weights } = frameAfter(new AttentionModel(VALUES.fixed), kind === 'sweep' ? 0 : 100)
    expect(printed[kind]).toContain('β = 0.01, sparsemax')
    // The face is the ninth of twelve, and sparsemax the second memory.
    expect(printed[kind]).toContain(`face ${Math.round(100 * weights[12 + 8])} %`)
  })

  it('cut', () => {
    const { cut, graph, reference } = frameAfter(new CutModel(VALUES.cut))
    expect(printed['cut']).toContain(`sweep 60, T = 0.00: ${cut} of ${graph.edges.length} edges are cut`)
    expect(printed['cut']).toContain(`256 anneals of 400 sweeps: ${reference}`)
  })

  it('tour', () => {
    const { tankLength, reference } = frameAfter(new TourModel(VALUES.tour))
    expect(printed['tour']).toContain(`${tankLength.toFixed(4)}, a tour`)
    expect(printed['tour']).toContain(`tourSearch: ${reference.toFixed(4)}`)
  })
})
