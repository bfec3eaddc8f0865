import { page } from '../scene.js'
import type { Frame } from './model.js'
import { type P, parameters } from './parameters.js'
import { program } from './program.js'
import { view } from './view.js'

export default page<P, never, Frame>({ parameters, view, program, rate: ({ rate }) => rate })
