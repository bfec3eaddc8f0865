import type { Command } from 'commander'
import type { Figure } from './figures/index.js'
import { requireApart, requireOutputs, writeWhole } from './files.js'

/** Where the figure of a command goes. */
export interface DrawingFlags {
  readonly svg?: string
  readonly png?: string
}

/** `--svg` and `--png`. @param what is to be seen. */
export function addDrawing(command: Command, what: string): Command {
  return command
    .option('--svg <file>', `write a figure: ${what}`)
    .option('--png <file>', 'write the same figure as a PNG')
}

/** Throws if a figure could not be written, or would take the place of an input or another output; called before long work. */
export function requireDrawings(
  { svg, png }: DrawingFlags,
  inputs: readonly string[],
  others: Readonly<Record<string, string | undefined>> = {},
): void {
  requireApart({ ...others, '--svg': svg, '--png': png })
  requireOutputs({ '--svg': svg, '--png': png }, inputs)
}

/** Draws the figure where it is wanted. */
export async function drawTo({ svg, png }: DrawingFlags, figure: () => Figure): Promise<void> {
  if (svg === undefined && png === undefined) return
  const drawn = figure()
  if (svg !== undefined) writeWhole(svg, await drawn.svg())
  if (png !== undefined) writeWhole(png, await drawn.png())
}
