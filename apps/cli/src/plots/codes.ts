import { Option } from 'commander'
import { type CodeCurve, codeCurve } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  captionOf,
  drawn,
  inTurn,
  type PopulationFlags,
  populationOptions,
  series,
  surveyOf,
  tableOf,
} from './population.js'

/** Rules of sparse codes. */
const RULES = ['willshaw', 'tsodyks-feigelman'] as const

interface Flags extends PopulationFlags {
  readonly neurons: number
  readonly active: number
  readonly counts: number[]
  readonly shown?: number
  readonly rule: (typeof RULES)[number]
  readonly cues: number
}

export const codesPlot = plot<Flags>({
  kind: 'codes',
  summary: 'how sparse codes are recalled, by their number',
  description: 'Stores more and more sparse codes, and measures hits and false alarms of their recall.',
  example: 'codes --neurons 1000 --active 10 --shown 5 --counts 500:8000:500 --svg codes.svg',
  options: (command) =>
    populationOptions(command, 10)
      .option('--neurons <count>', 'units of each code', integerFrom(2, 2 ** 20), 1000)
      .option('--active <count>', 'of them active', integerFrom(1, 2 ** 20), 10)
      .option(
        '--counts <counts>',
        'numbers of codes',
        series(1, 2 ** 24, true),
        [500, 1000, 2000, 3000, 4000, 5000, 6000, 8000],
      )
      .option('--shown <count>', 'active units that a cue has (default: all)', integerFrom(1, 2 ** 20))
      .addOption(new Option('--rule <rule>', 'how synapses learn').choices(RULES).default('willshaw'))
      .option('--cues <count>', 'most codes that are recalled in each memory', integerFrom(1, 2 ** 30), 100),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, active, counts, shown, rule, cues } = flags
    const part = shown === undefined ? {} : { shown }
    const learning = rule === 'willshaw' ? rule : { kind: rule, activity: active / neurons }
    const [found] = await inTurn([part], watching, (options, limits) =>
      codeCurve({ neurons, active, counts, rule: learning, cues, ...options, ...surveyOf(flags), ...limits }),
    )
    const said = shown === undefined || shown === active ? 'cues are whole' : `cues have ${shown} of them`
    return {
      data: { rule, shown: shown ?? active, ...found },
      words: tableOf('codes', measuresOf(found)),
      figure: () => codesFigure(found, `${said}; ${rule}; ${captionOf(flags)}`),
    }
  },
})

function measuresOf({ hits, falseAlarms, exact, fill }: CodeCurve) {
  return [
    { label: 'exact', curve: exact },
    { label: 'hits', curve: hits },
    { label: 'false alarms', curve: falseAlarms },
    ...(fill === undefined ? [] : [{ label: 'synapses set', curve: fill }]),
  ]
}

export function codesFigure(found: CodeCurve, caption: string): Figure {
  const { neurons, active, fill } = found
  const measured = measuresOf(found)
  return curves({
    title: 'How many sparse codes a memory holds',
    caption: `${neurons} units, ${active} of them active, ${caption}${fill?.theory === undefined ? '' : ' Dashed: theory.'}`,
    x: { title: 'codes stored', whole: true },
    y: { title: 'share', domain: [0, 1.02] },
    curves: [
      ...measured.map(({ label, curve }, color) =>
        drawn(curve, label, [0, 1], { color, ...(curve.theory === undefined ? {} : { kind: 'points' }) }),
      ),
      ...(fill?.theory === undefined
        ? []
        : [{ label: '', kind: 'theory' as const, color: measured.length - 1, x: fill.x, y: fill.theory }]),
    ],
  })
}
