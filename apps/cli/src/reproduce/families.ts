// All families, in the order of the report.

import type { Family } from './row.js'
import { basins } from './rows/basins.js'
import { bidirectional } from './rows/bidirectional.js'
import { boltzmann } from './rows/boltzmann.js'
import { capacities } from './rows/capacities.js'
import { dense } from './rows/dense.js'
import { dilutions } from './rows/dilutions.js'
import { gradedNeurons } from './rows/graded.js'
import { hopfield1982 } from './rows/hopfield-1982.js'
import { mixtures } from './rows/mixtures.js'
import { modern } from './rows/modern.js'
import { oneStep } from './rows/one-step.js'
import { optimization } from './rows/optimization.js'
import { palimpsests } from './rows/palimpsests.js'
import { phases } from './rows/phases.js'
import { retrieval } from './rows/retrieval.js'
import { rules } from './rows/rules.js'
import { separation } from './rows/separation.js'
import { sequences } from './rows/sequences.js'
import { sparse } from './rows/sparse.js'
import { temperature } from './rows/temperature.js'

export const FAMILIES: readonly Family[] = [
  hopfield1982,
  oneStep,
  retrieval,
  capacities,
  temperature,
  phases,
  basins,
  mixtures,
  rules,
  palimpsests,
  dilutions,
  sequences,
  sparse,
  separation,
  bidirectional,
  dense,
  modern,
  gradedNeurons,
  optimization,
  boltzmann,
]
