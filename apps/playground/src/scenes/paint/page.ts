import { page } from '../scene.js'
import type { Frame } from './model.js'
import { type P, parameters } from './parameters.js'
import { program } from './program.js'
import { view } from './view.js'

export default page<P, never, Frame>({
  parameters,
  view,
  program,
  also(now, before) {
    const chosen =
      now.target !== before.target || now.damage !== before.damage || now.amount !== before.amount
    return chosen && now.cue === before.cue ? { cue: [] } : {}
  },
  // What changes as a whole changes slowly: a two-cycle blinks.
  rate: ({ dynamics, pace }) => (dynamics === 'synchronous' ? 2 : pace === 'single' ? 8 : 60),
})
