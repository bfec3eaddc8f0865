import { expect, test } from 'vitest'
import { hopfield, startHopfield } from './helpers.js'

test('hopfield info names backend, tier and versions in words', async () => {
  const { code, stdout } = await hopfield(['info'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^backend +(native|typescript)\ntier +\S+\nwhy +\S.*\nthreads +\d+\n/)
})

test('hopfield info --json gives the reason for the backend', () => {
  const { stdout } = startHopfield(['info', '--json'], {
    HOPFIELD_BACKEND: 'typescript',
    HOPFIELD_TIER: undefined,
  })
  const { backend, versions } = JSON.parse(stdout)
  expect(backend).toMatchObject({ name: 'typescript', reason: 'HOPFIELD_BACKEND=typescript asks for it' })
  expect(versions['hopfield-native']).toMatch(/^\d+\.\d+\.\d+/)
  expect(versions['hopfield-native-cli']).toMatch(/^\d+\.\d+\.\d+/)
})

test('hopfield --version prints the version, --help examples', async () => {
  expect(startHopfield(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const help = await hopfield(['recall', '--help'])
  expect(help.code).toBe(0)
  expect(help.stdout).toContain('$ hopfield recall --store')
  expect(help.stdout).toContain('--threads <count>')
})

test('every command has its help', async () => {
  const names = ({ stdout }: { stdout: string }): string[] =>
    Array.from(stdout.matchAll(/^ {2}([a-z]+)(?= |$)/gm), ([, name]) => name).filter(
      (name) => name !== 'help',
    )
  const commands = names(await hopfield(['--help'])).map((name) => [name])
  expect(commands.length).toBeGreaterThan(5)
  const rbm = names(await hopfield(['rbm', '--help'])).map((name) => ['rbm', name])
  for (const command of [...commands, ...rbm]) {
    const { code, stdout } = await hopfield([...command, '--help'])
    expect(stdout).toContain(`Usage: hopfield ${command.join(' ')}`)
    expect(code).toBe(0)
  }
})
