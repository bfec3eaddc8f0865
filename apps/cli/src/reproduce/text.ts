import { formatRows } from '../table.js'
import { wrapped } from '../width.js'
import type { Published } from './row.js'
import type { Listed, Outcome, Report } from './run.js'

const SIGN = { equal: '', 'at least': '≥ ', 'at most': '≤ ' }

export function told(value: number): string {
  return String(Number(value.toPrecision(5)))
}

export function publishedWords({ value, relation = 'equal' }: Published): string {
  return SIGN[relation] + told(value)
}

export function tookWords({ seconds, processorSeconds }: Report): string {
  return `${seconds.toFixed(0)} s, ${processorSeconds.toFixed(0)} s of a processor (${(processorSeconds / 2).toFixed(0)} s of two free ones)`
}

const HEAD = ['row', 'published', 'ours', 'interval', '', 'seconds'] as const

/** One row of the table in the terminal. */
function line({ id, published, ours, holds, seconds }: Outcome): string[] {
  return [
    id,
    publishedWords(published),
    ours === undefined ? '' : told(ours.value),
    ours === undefined ? '' : `${told(ours.low)} … ${told(ours.high)}`,
    holds ? '✓' : '✗',
    seconds.toFixed(1),
  ]
}

export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const table = formatRows(HEAD, outcomes.map(line))
  const failed = outcomes.filter(({ holds }) => !holds)
  const sentences = [
    `${outcomes.length - failed.length} of ${outcomes.length} published results hold.`,
    ...failed.map(({ id, claim, reason }) => `✗ ${id}: ${claim}. ${reason}.`),
  ]
  return [table, '', ...sentences.map((sentence) => wrapped(sentence))].join('\n')
}

export function formatList(rows: readonly Listed[]): string {
  return formatRows(
    ['row', 'published', 'source', 'claim'],
    rows.map(({ id, published, source, claim }) => [id, publishedWords(published), source, claim]),
    ['left', 'right', 'left', 'left'],
  )
}
