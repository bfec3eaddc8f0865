import type { Command } from 'commander'
import { addComplete } from './rbm-complete.js'
import { addFit } from './rbm-fit.js'
import { addSample } from './rbm-sample.js'

export function addRbm(program: Command): void {
  const rbm = program
    .command('rbm')
    .summary('learn pictures, complete them, make up more of them')
    .description(
      'A restricted Boltzmann machine, which learns what is likely: each pixel is a visible unit, and hidden units learn what pixels have to do with each other.',
    )
  addFit(rbm)
  addComplete(rbm)
  addSample(rbm)
}
