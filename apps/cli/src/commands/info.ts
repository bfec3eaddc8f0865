import type { Command } from 'commander'
import { backend } from 'hopfield-native'
import { cliVersion, packageVersion } from '../versions.js'
import { indented } from '../width.js'

export function addInfo(program: Command): void {
  program
    .command('info')
    .description('print which backend computes on this machine, and why')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: boolean }) => {
      const { name, tier, threads, reason } = backend()
      const versions = {
        'hopfield-native': packageVersion,
        'hopfield-native-cli': cliVersion,
        node: process.versions.node,
      }
      const platform = `${process.platform}-${process.arch}`
      if (json) {
        const info = { backend: { name, tier, threads, reason: reason ?? null }, versions, platform }
        console.log(JSON.stringify(info, null, 2))
        return
      }
      const lines: [string, string][] = [
        ['backend', name],
        ['tier', tier],
        ['why', reason ?? whyNative()],
        ['threads', String(threads)],
        ['hopfield-native', packageVersion],
        ['hopfield-native-cli', cliVersion],
        ['node', `${versions.node} on ${platform}`],
      ]
      for (const [label, value] of lines) console.log(indented(label.padEnd(20), value))
    })
}

function whyNative(): string {
  const tier = process.env['HOPFIELD_TIER']
  return tier
    ? `the addon loaded; HOPFIELD_TIER=${tier} asks for this tier`
    : 'the addon loaded; no better tier runs here'
}
