// The binaries of a release: where each one runs, how it is named, and what its compiler is told.

/** @typedef {{ platform: string, arch: string, libc?: string, triple: string, processor: string }} Target */

/** @type {Target[]} the triple is zig's; 2.17 is the oldest glibc that a binary may ask for, 11.0 the oldest macOS. */
export const TARGETS = [
  { platform: 'linux', arch: 'x64', libc: 'glibc', triple: 'x86_64-linux-gnu.2.17', processor: 'x86_64' },
  { platform: 'linux', arch: 'x64', libc: 'musl', triple: 'x86_64-linux-musl', processor: 'x86_64' },
  {
    platform: 'linux',
    arch: 'arm64',
    libc: 'glibc',
    triple: 'aarch64-linux-gnu.2.17',
    processor: 'aarch64',
  },
  { platform: 'linux', arch: 'arm64', libc: 'musl', triple: 'aarch64-linux-musl', processor: 'aarch64' },
  { platform: 'darwin', arch: 'x64', triple: 'x86_64-macos.11.0', processor: 'x86_64' },
  { platform: 'darwin', arch: 'arm64', triple: 'aarch64-macos.11.0', processor: 'aarch64' },
  { platform: 'win32', arch: 'x64', triple: 'x86_64-windows-gnu', processor: 'x86_64' },
  { platform: 'win32', arch: 'arm64', triple: 'aarch64-windows-gnu', processor: 'aarch64' },
]

/** As on a command line: linux-x64-glibc, darwin-arm64. */
export const nameOf = ({ platform, arch, libc }) => [platform, arch, libc].filter(Boolean).join('-')

/** As src/platform/node/addon.ts looks for it. */
export const fileOf = ({ platform, arch, libc }) =>
  `prebuilds/${platform}-${arch}/hopfield-native${libc ? `.${libc}` : ''}.node`

/** Those that are named, or all of them. */
export function targetsNamed(names) {
  for (const name of names) {
    if (!TARGETS.some((target) => nameOf(target) === name)) {
      console.error(`no such target: ${name}; there are ${TARGETS.map(nameOf).join(', ')}`)
      process.exit(2)
    }
  }
  return names.length === 0 ? TARGETS : TARGETS.filter((target) => names.includes(nameOf(target)))
}
