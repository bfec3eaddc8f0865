import { DataError } from '../errors.js'

/** Pictures as rows of grey values, in file order. */
export interface GreyRows {
  /** Grey values of one picture. */
  readonly pixels: number
  /** The largest grey value of all pictures. */
  readonly most: number
  readonly rows: readonly {
    readonly line: number
    readonly values: readonly number[]
    readonly label?: number
  }[]
}

/**
 * Rows of numbers ≥ 0, separated by commas. Words in the first line are headings. If a row has one number more than a square
 * number, the last number is a label.
 */
export function readRows(path: string, bytes: Uint8Array): GreyRows {
  const rows: { line: number; values: number[] }[] = []
  for (const [k, text] of new TextDecoder().decode(bytes).split(/\r?\n/).entries()) {
    if (text.trim() === '') continue
    const cells = text.split(',').map((cell) => cell.trim())
    if (k === 0 && cells.every((cell) => Number.isNaN(Number(cell)))) continue
    rows.push({ line: k + 1, values: numbersOf(path, k + 1, cells) })
  }
  if (rows.length === 0) throw new DataError(`${path}: the file has no row of numbers`)
  const [first] = rows
  const columns = first.values.length
  const wrong = rows.find(({ values }) => values.length !== columns)
  if (wrong !== undefined) {
    throw new DataError(
      `${path}, line ${wrong.line}: ${wrong.values.length} numbers, but line ${first.line} has ${columns}`,
    )
  }
  const labelled = !isSquare(columns) && isSquare(columns - 1)
  const pixels = labelled ? columns - 1 : columns
  const pictures = rows.map(({ line, values }) => ({
    line,
    values: values.slice(0, pixels),
    ...(labelled ? { label: values[pixels] } : {}),
  }))
  const most = pictures.reduce((sofar, { values }) => values.reduce((a, b) => Math.max(a, b), sofar), 0)
  return { pixels, most, rows: pictures }
}

function numbersOf(path: string, line: number, cells: readonly string[]): number[] {
  return cells.map((cell, c) => {
    const value = cell === '' ? Number.NaN : Number(cell)
    if (Number.isFinite(value) && value >= 0) return value
    throw new DataError(
      `${path}, line ${line}, column ${c + 1}: expected a number of at least 0, got ${JSON.stringify(cell)}`,
    )
  })
}

export function isSquare(n: number): boolean {
  return n > 0 && Number.isInteger(Math.sqrt(n))
}
