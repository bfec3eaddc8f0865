import { Option } from 'commander'
import { size } from '../values.js'
import { codePoints } from './ranges.js'

// How files are read: what every command that reads pictures can be told, in the same words.

export const rangeOption = (): Option =>
  new Option('--range <code points>', 'glyphs of a .hex file, such as 0041,4E00-4E1F').argParser(codePoints)

/** @param light what light pixels then are. */
export const invertOption = (light: '+1' | 'ink'): Option =>
  new Option('--invert', `images: light pixels are ${light}`)

export const sizeOption = (): Option =>
  new Option('--size <width>x<height>', 'images: scale all to this size').argParser(size)

export const arrayOption = (): Option => new Option('--array <name>', 'the array of a .npz file')
