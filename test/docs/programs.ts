import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

/** A code block of a page that is JavaScript or TypeScript. */
export interface Program {
  readonly page: string
  readonly language: 'js' | 'ts'
  readonly code: string
}

/** The pages of docs/ and the two READMEs, as paths from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  'apps/cli/README.md',
  ...readdirSync(`${ROOT}/docs`, { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
]

/** All programs of a page, in order. */
export function programsOf(page: string): Program[] {
  const text = readFileSync(`${ROOT}/${page}`, 'utf8')
  return [...text.matchAll(/```(js|ts)\n([\s\S]*?)```/g)].map(([, language, code]) => ({
    page,
    language: language as Program['language'],
    code,
  }))
}
