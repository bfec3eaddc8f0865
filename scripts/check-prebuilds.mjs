// Looks at every binary in prebuilds/ without running it: its format, processor and identity; what it exports; what it needs of others;
// which instructions it has. Needs LLVM's tools (Debian: llvm-19) and, for the instructions, the objects that prebuild.mjs left.
//   node scripts/check-prebuilds.mjs [TARGET…]
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect } from '../dist/platform/node/addon-file.js'
import { identity } from './identity.mjs'
import { ALLOWED, EXPORTS, LIBRARIES, NEWEST_GLIBC } from './prebuild-allowed.mjs'
import { fileOf, nameOf, targetsNamed } from './prebuild-targets.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const { version } = require('../package.json')
const { js_native_api_symbols: language, node_api_symbols: node } = require('node-api-headers').symbols.v8
const NODE_API = new Set([...language, ...node])

/** The functions that a tier's object may show to others: the one that makes its table. */
const TIERS = ['amx', 'avx2', 'avx512', 'avx512_skx', 'neon', 'scalar']

function llvm(tool, ...args) {
  for (const name of [`llvm-${tool}-19`, `llvm-${tool}`]) {
    const { status, stdout, error } = spawnSync(name, args, { encoding: 'utf8', maxBuffer: 2 ** 30 })
    if (error?.code === 'ENOENT') continue
    if (status !== 0) throw new Error(`${name} ${args.join(' ')} failed`)
    return stdout
  }
  throw new Error(`llvm-${tool} is missing; Debian has it in llvm-19`)
}

/** The words that stand behind `key:` in what llvm-readobj prints. */
const values = (text, key) =>
  [...text.matchAll(new RegExp(`^\\s*${key}: ?(\\S*)`, 'gm'))].map(([, word]) => word)

/** What the binary shows, what it takes from others, and the libraries that it names; Mach-O's underscore is left out. */
function symbolsOf(path, { platform }) {
  if (platform === 'win32') {
    const imports = llvm('readobj', '--coff-imports', path)
    return {
      exported: values(llvm('readobj', '--coff-exports', path), 'Name').filter(
        (name) => !name.endsWith('.node'),
      ),
      // Libraries are named here; what is wanted of them is checked by the linker, which has Microsoft's lists.
      wanted: [],
      libraries: values(imports, 'Name').map((name) => name.toLowerCase()),
    }
  }
  const bare = (name) => (platform === 'darwin' ? name.replace(/^_/, '') : name).replace(/@.*/, '')
  const dynamic = platform === 'linux' ? ['-D'] : ['-g']
  const names = (...options) =>
    llvm('nm', ...dynamic, '--format=just-symbols', ...options, path)
      .split('\n')
      .filter(Boolean)
      .map(bare)
  return {
    exported: names('--defined-only'),
    wanted: names('--undefined-only'),
    libraries: llvm('readobj', '--needed-libs', path)
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
      .filter((line) => /\.(so|dylib)/.test(line)),
  }
}

const newest = (versions) =>
  versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? 'none'

/** Faults of a binary, each a sentence. */
function faultsOf(target) {
  const path = join(root, fileOf(target))
  if (!existsSync(path)) return { faults: ['it is missing'] }
  const faults = []
  const seen = inspect(readFileSync(path), target, version)
  if ('problem' in seen) faults.push(seen.problem)
  else if (seen.identity !== identity()) faults.push('it was made of other sources than these')
  if (readFileSync(path).includes(root)) faults.push('it has the name of the folder in which it was made')

  const { exported, wanted, libraries } = symbolsOf(path, target)
  if (exported.sort().join() !== EXPORTS[target.platform].join())
    faults.push(`it exports ${exported.join(', ')}`)
  const unknown = wanted.filter((name) => !NODE_API.has(name) && !ALLOWED[target.platform].has(name))
  if (unknown.length > 0) faults.push(`it wants ${unknown.join(', ')}`)
  const strangers = libraries.filter((name) => !LIBRARIES[target.libc ?? target.platform].test(name))
  if (strangers.length > 0) faults.push(`it needs ${strangers.join(', ')}`)
  const facts = [`${statSync(path).size} bytes`]
  if (target.libc === 'glibc') {
    const asked = newest(
      [...llvm('readobj', '--version-info', path).matchAll(/GLIBC_([\d.]+)/g)].map(([, v]) => v),
    )
    if (newest([asked, NEWEST_GLIBC]) !== NEWEST_GLIBC) faults.push(`it asks for glibc ${asked}`)
    facts.push(`glibc ${asked}`)
  }
  if (target.platform === 'linux') {
    const stack = llvm('readobj', '--program-headers', path).match(
      /PT_GNU_STACK[\s\S]*?MemSize: (\d+)[\s\S]*?\]/,
    )
    // musl gives a thread 128 kB unless a library asks for more.
    if (Number(stack?.[1]) < 2 ** 20) faults.push(`it asks for stacks of ${stack?.[1]} bytes, not of 1 MB`)
    if (stack?.[0].includes('PF_X')) faults.push('its stack is executable')
  }
  facts.push(`${wanted.filter((name) => NODE_API.has(name)).length} functions of Node-API 8`)
  return { faults: [...faults, ...instructionFaults(target, facts)], facts }
}

/** Instructions above what every processor has stand in tiers alone, and no function of a tier can be called from elsewhere by accident. */
function instructionFaults(target, facts) {
  const folder = join(root, 'build-prebuild', nameOf(target))
  if (!existsSync(folder)) {
    facts.push('instructions not looked at')
    return []
  }
  const faults = []
  const objects = readdirSync(folder).filter((name) => name.endsWith('.o') && !name.startsWith('test-'))
  for (const object of objects) {
    const path = join(folder, object)
    const tier = /^tiers-(\w+)\.o$/.exec(object)?.[1]
    if (tier !== undefined && TIERS.includes(tier)) {
      // Addresses that are kept in a word, of exceptions and (on Windows) of variables elsewhere, are the same in every object.
      const shown = llvm('nm', '-g', '-C', '--defined-only', '--format=just-symbols', path)
        .split('\n')
        .filter((name) => !/^($|DW\.ref\.|\.refptr\.)/.test(name) && name !== `hopfield::${tier}_tier()`)
      if (shown.length > 0) faults.push(`${object} shows others ${shown.slice(0, 3).join(', ')}`)
    }
    if (target.arch === 'x64' && (tier === undefined || tier === 'scalar')) {
      if (/%[yzt]mm|\b(pdep|pext|andn|mulx)[lq]\b/.test(llvm('objdump', '-d', '--no-show-raw-insn', path)))
        faults.push(`${object} has instructions of a tier`)
    }
    // Every Mac of this kind has these; elsewhere an AArch64 need not.
    if (target.arch === 'arm64' && target.platform !== 'darwin') {
      const code = llvm('objdump', '-d', '--no-show-raw-insn', path)
      const found =
        /\s((?:s|u|us|su)dot|[su]mmla|ptrue|whilel[eost]|cas[abhlp]*|ldadd\w*|ldset\w*|ldclr\w*|swp\w*|fmlal2?)\s/.exec(
          code,
        )
      if (found) faults.push(`${object} has ${found[1]}`)
    }
  }
  facts.push(`${objects.length} objects`)
  return faults
}

let failed = false
for (const target of targetsNamed(process.argv.slice(2))) {
  const { faults, facts } = faultsOf(target)
  if (faults.length === 0) console.log(`${nameOf(target)}: ${facts.join(', ')}`)
  for (const fault of faults) console.error(`${nameOf(target)}: ${fault}`)
  failed ||= faults.length > 0
}
if (failed) process.exit(1)
