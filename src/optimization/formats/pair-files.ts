import { HopfieldError, within } from '../../errors.js'
import { choice, flag, Schema } from '../../input/options.js'
import type { Int8s, Uint8s } from '../../input/typed-arrays.js'
import { gathered, opposite, type Pairs } from '../problems/coupling-table.js'
import { type IsingProblem, isingOf, isingProblem } from '../problems/ising-problem.js'
import { type Cut, cutProblem } from '../problems/max-cut.js'
import { quboProblem, toBinaryQuadraticModel, upperPairs } from '../problems/qubo.js'
import { bad, formatPairLines, linesOf, numberAt, readPairLines } from './lines.js'

const COMMENT = /^[#%c]/

/**
 * A graph in the format of rudy and the G-set: "n m", then m lines "i j weight", nodes from 1; a missing weight is 1. Comments begin
 * with # or %. @returns its Max-Cut problem. @throws HopfieldError ERR_HOPFIELD_FORMAT with the line and the reason.
 */
export function parseGset(text: string): IsingProblem<Cut> {
  try {
    const file = { noun: 'node', optionalWeight: true, comment: COMMENT, ownAllowed: true } as const
    return cutProblem(readPairLines('text', text, file))
  } catch (error) {
    throw within('parseGset', error)
  }
}

/**
 * The graph of a problem without fields in that format: weights are −J, so that cuts are those of `maxCut`.
 * @throws HopfieldError ERR_HOPFIELD_VALUE if there are fields.
 */
export function formatGset(problem: IsingProblem<unknown>): string {
  try {
    const { table, fields, scale } = isingOf(problem).model
    if (fields !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_VALUE', 'problem: expected one without fields; use formatIsing')
    }
    return formatPairLines(problem.variables, pairLines(upperPairs(table, problem.variables, 1 / scale)))
  } catch (error) {
    throw within('formatGset', error)
  }
}

const QUBO = new Schema({
  /** Whether a line "i j q" of two variables stands for Q_ij and Q_ji, so that q counts twice: true by default, as in those files. */
  symmetric: flag(true),
  /** 'min' (default), or 'max' for MQLib's files, which are to be maximised: `value` is then the negative of what the file means. */
  sense: choice(['min', 'max'], 'min'),
})

/**
 * A QUBO in the sparse format of Beasley, Glover and Wiegele: "n m", then m lines "i j q", variables from 1, diagonal included, Q symmetric.
 * Also qbsolv's: a line "p qubo 0 n diagonals others", variables from 0, each pair once.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the line and the reason.
 */
export function parseQubo(
  text: string,
  options?: { symmetric?: boolean; sense?: 'min' | 'max' },
): IsingProblem<Uint8s> {
  const { symmetric, sense } = QUBO.read('parseQubo', options)
  try {
    const qbsolv = typeof text === 'string' && /^\s*p\s/m.test(text)
    const file = { noun: 'variable', optionalWeight: false, comment: COMMENT, ownAllowed: true } as const
    const pairs = qbsolv ? readQbsolv(text) : readPairLines('text', text, file)
    const sign = sense === 'max' ? -1 : 1
    const twice = symmetric && !qbsolv ? 2 : 1
    const values = pairs.values.map((q, k) => sign * q * (pairs.from[k] === pairs.to[k] ? 1 : twice))
    return quboProblem({ ...pairs, values }, 0)
  } catch (error) {
    throw within('parseQubo', error)
  }
}

function readQbsolv(text: string): Pairs {
  const [header, ...lines] = linesOf('text', text, COMMENT)
  if (header.words[0] !== 'p' || header.words[1] !== 'qubo') {
    throw bad(
      header.number,
      `expected "p qubo 0 n diagonals others", got "${header.words.slice(0, 6).join(' ')}"`,
    )
  }
  const [variables, diagonals, others] = [3, 4, 5].map((at) =>
    numberAt(header, at, 'a number of variables or lines'),
  )
  if (lines.length !== diagonals + others) {
    throw bad(
      header.number,
      `expected ${diagonals + others} lines after the header, as it says, got ${lines.length}`,
    )
  }
  // One more, so that the reader of the other format reads variables from 0.
  const moved = lines.map(({ words: [i, j, q] }) => `${Number(i) + 1} ${Number(j) + 1} ${q}`)
  const file = { noun: 'variable', optionalWeight: false, comment: COMMENT, ownAllowed: true } as const
  return readPairLines('text', `${variables} ${moved.length}\n${moved.join('\n')}`, file)
}

/**
 * The energies of a problem as a QUBO of the sparse format; an offset goes into a comment. Numbers of two variables are halved, since they
 * count twice. @throws HopfieldError ERR_HOPFIELD_TYPE if no problem is given.
 */
export function formatQubo(problem: IsingProblem<unknown>): string {
  try {
    const { linear, quadratic, offset } = toBinaryQuadraticModel(problem, 'BINARY')
    const lines: string[] = []
    for (const [i, q] of linear.entries()) if (q !== 0) lines.push(`${i + 1} ${i + 1} ${q}`)
    const half = quadratic.weights.map((q) => q / 2)
    const text = formatPairLines(problem.variables, [...lines, ...pairLines({ ...quadratic, weights: half })])
    return offset === 0 ? text : `# offset ${offset}\n${text}`
  } catch (error) {
    throw within('formatQubo', error)
  }
}

const ISING = new Schema({
  /**
   * 'hopfield' (default): lines are J and b of E = −Σ J_ij s_i s_j − Σ b_i s_i, as of spin glasses. 'dimod': lines are the J and h of
   * E = Σ J_ij s_i s_j + Σ h_i s_i.
   */
  signs: choice(['hopfield', 'dimod'], 'hopfield'),
})

/**
 * An Ising problem: "n m", then m lines "i j J" with variables from 1, and "i i b" for a field; a pair that is there twice is added up.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the line and the reason.
 */
export function parseIsing(text: string, options?: { signs?: 'hopfield' | 'dimod' }): IsingProblem<Int8s> {
  const { signs } = ISING.read('parseIsing', options)
  try {
    const file = { noun: 'variable', optionalWeight: false, comment: COMMENT, ownAllowed: true } as const
    const { table, own, repeats } = gathered('text', readPairLines('text', text, file))
    const dimod = signs === 'dimod'
    const fields = dimod ? own.map((h) => 0 - h) : own
    const model = { table: dimod ? opposite(table) : table, fields, scale: 1, offset: 0 }
    return isingProblem(own.length, model, repeats)
  } catch (error) {
    throw within('parseIsing', error)
  }
}

/** Couplings and fields in that format; an offset goes into a comment. @throws HopfieldError ERR_HOPFIELD_TYPE if no problem is given. */
export function formatIsing(
  problem: IsingProblem<unknown>,
  options?: { signs?: 'hopfield' | 'dimod' },
): string {
  const { signs } = ISING.read('formatIsing', options)
  try {
    const sign = signs === 'dimod' ? 1 : -1
    const { linear, quadratic, offset } = toBinaryQuadraticModel(problem, 'SPIN')
    const lines: string[] = []
    for (const [i, h] of linear.entries()) if (h !== 0) lines.push(`${i + 1} ${i + 1} ${sign * h}`)
    const weights = quadratic.weights.map((x) => sign * x)
    const text = formatPairLines(problem.variables, [...lines, ...pairLines({ ...quadratic, weights })])
    return offset === 0 ? text : `# offset ${offset}\n${text}`
  } catch (error) {
    throw within('formatIsing', error)
  }
}

function pairLines({ from, to, weights }: ReturnType<typeof upperPairs>): string[] {
  return Array.from(weights, (w, k) => `${from[k] + 1} ${to[k] + 1} ${w}`)
}
