import { DataError } from './errors.js'
import { readBytes } from './files.js'

/** Where cities of a TSPLIB file are: its coordinates, or those to be shown. GEO has the latitude first. */
export function placesOf(file: string, cities: number): [number, number][] {
  const lines = new TextDecoder().decode(readBytes(file)).split(/\r?\n/)
  const at = lines.findIndex((line) => /^\s*(NODE_COORD|DISPLAY_DATA)_SECTION/.test(line))
  if (at < 0)
    throw new DataError(`${file}: it has distances alone, so there is nothing to draw; leave --svg out`)
  const turned = lines.some((line) => /^\s*EDGE_WEIGHT_TYPE\s*:\s*GEO/.test(line))
  return lines.slice(at + 1, at + 1 + cities).map((line) => {
    const [, x, y] = line.trim().split(/\s+/).map(Number)
    return turned ? [y, x] : [x, y]
  })
}
