// Compiles every header of native/ alone, with the flags that an editor takes from compile_flags.txt and .clangd.
// The primitives a header needs are the portable ones, unless it belongs to an instruction set. CXX names another
// compiler than g++; AArch64 needs its cross-compiler and is left out where there is none.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (name) => readFileSync(`${root}/${name}`, 'utf8')
const common = read('compile_flags.txt').trim().split('\n')
const rules = read('.clangd')
  .split('\n---\n')
  .map((rule) => ({
    path: new RegExp(`^${rule.match(/PathMatch: (.*)/)[1]}$`),
    flags: rule.match(/Add: \[(.*)\]/)[1].split(', '),
  }))
const compiler = process.env.CXX ?? 'g++'
const TARGET = '--target='

function compile(header) {
  const flags = rules.filter((rule) => rule.path.test(header)).flatMap((rule) => rule.flags)
  const target = flags.find((flag) => flag.startsWith(TARGET))?.slice(TARGET.length)
  const program = target === undefined || process.arch === 'arm64' ? compiler : `${target}-g++`
  const own = flags.filter((flag) => !flag.startsWith(TARGET))
  const words = [...common, ...own, '-Werror', '-fsyntax-only', header]
  return new Promise((resolve) => {
    execFile(program, words, { cwd: root }, (error, _out, errors) => {
      if (error === null) resolve({})
      else if (error.code === 'ENOENT') resolve({ skipped: `${header}: there is no ${program}` })
      else
        resolve({ failed: `${header} does not compile alone\n${errors.split('\n').slice(0, 12).join('\n')}` })
    })
  })
}

// The two halves of a region, what is for WebAssembly's compiler alone, and what needs Node's: the addon, and what stands in for Node.
const EXCEPT = /^native\/(simd\/(begin|end|neon_on_wasm|wasm_\w+)\.h|addon\/|test\/|fuzz\/fake_node\.h)/
const headers = readdirSync(`${root}/native`, { recursive: true })
  .map((name) => `native/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.h') && !EXCEPT.test(name))
  .sort()
const results = []
const waiting = headers.values()
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const header of waiting) results.push(await compile(header))
  }),
)
for (const { skipped } of results) if (skipped !== undefined) console.log(skipped)
for (const { failed } of results) if (failed !== undefined) console.error(failed)
if (results.some(({ failed }) => failed !== undefined)) process.exit(1)
console.log(`${headers.length} headers compile alone`)
