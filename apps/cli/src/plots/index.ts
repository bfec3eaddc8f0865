import { basinsPlot } from './basins.js'
import { capacityPlot } from './capacity.js'
import { codesPlot } from './codes.js'
import { histogramPlot } from './histogram.js'
import { overlapsPlot } from './overlaps.js'
import { palimpsestPlot } from './palimpsest.js'
import { phasePlot } from './phase-diagram.js'
import type { AnyPlot } from './plot.js'
import { recallPlot } from './recall.js'
import { separationPlot } from './separation.js'
import { sequencePlot } from './sequence.js'
import { spuriousPlot } from './spurious.js'
import { weightsPlot } from './weights.js'

/** What `hopfield plot` can measure and draw. */
export const PLOTS: readonly AnyPlot[] = [
  recallPlot,
  weightsPlot,
  capacityPlot,
  basinsPlot,
  overlapsPlot,
  phasePlot,
  histogramPlot,
  spuriousPlot,
  palimpsestPlot,
  sequencePlot,
  separationPlot,
  codesPlot,
]
