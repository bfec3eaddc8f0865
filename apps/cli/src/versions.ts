import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

function versionOf(manifest: string): string {
  return (require(manifest) as { version: string }).version
}

export const cliVersion: string = versionOf('../package.json')
export const packageVersion: string = versionOf('hopfield-native/package.json')
