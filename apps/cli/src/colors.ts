import type { WriteStream } from 'node:tty'
import colors from 'picocolors'

/** Colours for one stream: picocolors by itself would colour a pipe too where CI is set. */
export function colorsFor(stream: WriteStream): ReturnType<typeof colors.createColors> {
  const wanted = stream.isTTY === true || Boolean(process.env['FORCE_COLOR'])
  return colors.createColors(wanted && colors.isColorSupported)
}
