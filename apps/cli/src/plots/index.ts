import type { AnyPlot } from './plot.js'
import { recallPlot } from './recall.js'
import { weightsPlot } from './weights.js'

/** What `hopfield plot` can measure and draw. */
export const PLOTS: readonly AnyPlot[] = [recallPlot, weightsPlot]
