/** Pictures that this project drew itself: letters, digits and signs as strokes, so that no font has to be shipped. */

/** Lines between points "xy" of a grid of 5 × 7 points; a slash lifts the pen. */
const STROKES: Readonly<Record<string, string>> = {
  A: '06 02 20 42 46/04 44',
  B: '00 30 41 42 33 03/33 44 45 36 06 00',
  C: '41 30 10 01 05 16 36 45',
  D: '00 20 42 44 26 06 00',
  E: '40 00 06 46/03 33',
  F: '40 00 06/03 33',
  G: '41 30 10 01 05 16 36 45 43 23',
  H: '00 06/40 46/03 43',
  I: '10 30/20 26/16 36',
  J: '20 40/30 35 26 16 05',
  K: '00 06/40 03 46',
  L: '00 06 46',
  M: '06 00 23 40 46',
  N: '06 00 46 40',
  O: '10 30 41 45 36 16 05 01 10',
  P: '06 00 30 41 42 33 03',
  Q: '10 30 41 45 36 16 05 01 10/24 46',
  R: '06 00 30 41 42 33 03/23 46',
  S: '41 30 10 01 02 13 33 44 45 36 16 05',
  T: '00 40/20 26',
  U: '00 05 16 36 45 40',
  V: '00 26 40',
  W: '00 16 22 36 40',
  X: '00 46/40 06',
  Y: '00 23 40/23 26',
  Z: '00 40 06 46',
  '0': '10 30 41 45 36 16 05 01 10/31 15',
  '1': '11 20 26/16 36',
  '2': '01 10 30 41 42 06 46',
  '3': '00 40 22 33 44 45 36 16 05',
  '4': '36 30 04 44',
  '5': '40 00 03 33 44 45 36 16 05',
  '6': '30 10 01 05 16 36 45 44 33 03',
  '7': '00 40 16',
  '8': '13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33',
  '9': '16 36 45 41 30 10 01 02 13 43',
  '♥': '26 03 01 10 21 30 41 43 26',
  '◇': '20 43 26 03 20',
  '△': '20 46 06 20',
  '▽': '00 40 26 00',
  '□': '01 41 45 05 01',
  '→': '03 43/21 43 25',
  '↑': '20 26/02 20 42',
  '✓': '04 16 40',
  '+': '21 25/03 43',
  '#': '11 15/31 35/02 42/04 44',
  '∞': '02 13 33 44 42 33/33 13 04 02',
  '=': '02 42/04 44',
}

/** The signs that there are strokes for. */
export const SIGNS: readonly string[] = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789♥◇△▽□→↑✓+#∞=']

/**
 * A sign as side × side values ±1, row after row: +1 within half a stroke of its lines.
 * @param sign one of `SIGNS`.
 */
export function drawnSign(sign: string, side: number): Int8Array<ArrayBuffer> {
  const lines = (STROKES[sign] ?? '').split('/').map((line) => line.split(' ').map(pointOf(side)))
  return drawnLines(side, lines, side / 14)
}

export type Point = readonly [x: number, y: number]

/** side × side values ±1: +1 where a line is nearer than `reach`, in pixels. */
export function drawnLines(
  side: number,
  lines: readonly (readonly Point[])[],
  reach: number,
): Int8Array<ArrayBuffer> {
  const out = new Int8Array(side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const near = lines.some((line) => distance(line, x + 0.5, y + 0.5) < reach)
      out[y * side + x] = near ? 1 : -1
    }
  }
  return out
}

/** From the grid of 5 × 7 points to pixels. */
function pointOf(side: number): (text: string) => Point {
  const [left, width, top, height] = [0.19, 0.62, 0.12, 0.76]
  return (text) => [
    (left + (width * Number(text[0])) / 4) * side,
    (top + (height * Number(text[1])) / 6) * side,
  ]
}

function distance(line: readonly Point[], x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let k = 0; k + 1 < line.length; k++) {
    const [[ax, ay], [bx, by]] = [line[k], line[k + 1]]
    const [dx, dy] = [bx - ax, by - ay]
    const length = dx * dx + dy * dy
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
    least = Math.min(least, Math.hypot(ax + along * dx - x, ay + along * dy - y))
  }
  return least
}
