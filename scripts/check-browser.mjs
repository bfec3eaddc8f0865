// Does in Chromium what docs/browser.md says, word for word, with the package as it is packed; has a page and a worker compute the shared
// vectors; and opens examples/browser, as it is and as bundlers make it:
//   node scripts/check-browser.mjs [NAME...]
// The bundlers are those of check-bundlers.mjs. HOPFIELD_CHROMIUM names the browser, where it is not Debian's.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { launched, opened, runChecks } from './chromium.mjs'
import { expectThat, install, installTools, recipesOf, root, shell } from './recipes.mjs'
import { bundleVectors } from './vectors.mjs'
import { WASM } from './wasm.mjs'

/** What makes a page isolated, so that it has shared memory. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** A clone without clang has no WebAssembly module. */
const BACKENDS = ['typescript', ...(existsSync(WASM) ? ['wasm'] : [])]

const app = join(root, 'build-bundlers')
const work = join(app, 'browser')
const digestOf = (text) => createHash('sha256').update(text).digest('hex')

/** A new folder that has the package in its node_modules. */
function folder(name, { copy = false } = {}) {
  const path = join(work, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(join(path, 'node_modules'), { recursive: true })
  const from = join(app, 'node_modules', 'hopfield-native')
  if (copy) cpSync(from, join(path, 'node_modules', 'hopfield-native'), { recursive: true })
  else symlinkSync(from, join(path, 'node_modules', 'hopfield-native'))
  return path
}

/** What a server answers that the last line starts. Its port is one that is free. */
async function answered(lines, place, digest) {
  for (const line of lines.slice(0, -1)) shell(line, place)
  const config = join(place, 'config.capnp')
  writeFileSync(config, readFileSync(config, 'utf8').replace(/:8787"/, ':0"'))
  const [command, ...args] = lines.at(-1).replace(/^npx /, '').split(' ')
  // The very binary, which tells its port on descriptor 3; the script that npx runs passes no descriptors on.
  const server = spawn(
    createRequire(join(app, 'package.json'))(command).default,
    [...args, '--control-fd=3'],
    {
      cwd: place,
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    },
  )
  try {
    const port = await new Promise((resolve, reject) => {
      server.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
      server.once('error', reject)
      server.stdio[3].on('data', (said) => resolve(/"port":(\d+)/.exec(said)[1]))
    })
    const text = await (await fetch(`http://127.0.0.1:${port}/`)).text()
    expectThat(
      text === `${BACKENDS.at(-1)} ${digest}`,
      `${command} answers ${text}, and Node computes ${digest}`,
    )
    return text
  } finally {
    server.kill()
  }
}

/** A file that esbuild made, with those that it imports before it runs. */
function atOnce(place, entry) {
  const { outputs } = JSON.parse(readFileSync(join(place, 'meta.json'), 'utf8'))
  const files = new Set([entry])
  for (const file of files) {
    for (const { path, kind } of outputs[file].imports) if (kind === 'import-statement') files.add(path)
  }
  return Buffer.concat([...files].map((file) => readFileSync(join(place, file))))
}

/** Every check: a name, and what it says when it holds. */
function checks(browser, digest) {
  const page = readFileSync(join(root, 'docs/browser.md'), 'utf8')
  const sections = recipesOf('browser.md')
  const shared = sections.find(({ name }) => name === 'The recipes').files
  const vectors = readFileSync(join(root, 'test/vectors/kernels.json'), 'utf8')
  const all = {}

  for (const { name, files, lines } of sections.filter(({ lines }) => lines.length > 0)) {
    all[name] = async () => {
      const place = folder(name.replace(/\W+/g, '-'))
      mkdirSync(join(place, 'out'))
      for (const { name, text } of [...shared, ...files]) writeFileSync(join(place, name), text)
      if (lines.at(-1).includes('workerd serve')) return answered(lines, place, digest)
      for (const line of lines) shell(line, place)
      return opened(browser, join(place, 'out'), async (page) => {
        // Before, the page of the first recipe has the text of its own script.
        await page.waitForFunction('/ [0-9a-f]{64}$/.test(document.body.textContent.trim())')
        const text = (await page.textContent('body')).trim()
        expectThat(
          text === `${BACKENDS.at(-1)} ${digest}`,
          `the page shows ${text}, and Node computes ${digest}`,
        )
        return text
      })
    }
  }

  all.sizes = () => {
    const place = folder('sizes')
    const rows = [...page.matchAll(/^\| `import \{ (\w+) \}(?: from '([\w/-]+)')?` \| (\d+) \| (\d+) \|$/gm)]
    expectThat(rows.length > 0, 'docs/browser.md has no table of sizes')
    const said = rows.map(([, name, from = 'hopfield-native', ...kilobytes]) => {
      writeFileSync(join(place, 'main.js'), `import { ${name} } from '${from}'\nconsole.log(${name})\n`)
      shell(
        'npx esbuild main.js --bundle --splitting --minify --format=esm --outdir=out --metafile=meta.json --log-level=warning',
        place,
      )
      const code = atOnce(place, 'out/main.js')
      const sizes = [code.length, gzipSync(code, { level: 9 }).length].map((bytes) => Math.ceil(bytes / 1000))
      expectThat(
        sizes.every((size, k) => Math.abs(size - kilobytes[k]) <= Math.max(1, 0.05 * kilobytes[k])),
        `${name} of ${from} has ${sizes.join(' and ')} kB, and docs/browser.md says ${kilobytes.join(' and ')}`,
      )
      return `${name} of ${from} ${sizes.join(', ')}`
    })
    return `${said.join('; ')} (kB, minified and by gzip)`
  }

  const example = async (place) =>
    opened(browser, place, async (page) => {
      for (const digit of ['5', '8']) {
        await page.selectOption('#digit', digit)
        await page.waitForFunction(
          ([digit, backend]) => {
            const said = document.querySelector('#result').textContent
            const [, found, by] = /^the digit (\d) after \d+ sweeps, computed in (\w+)$/.exec(said) ?? []
            return found === digit && by === backend
          },
          [digit, BACKENDS.at(-1)],
        )
      }
      return page.textContent('#result')
    })
  const exampleIn = (name, options) => {
    const place = folder(name, options)
    cpSync(join(root, 'examples/browser'), place, { recursive: true })
    return place
  }
  all.example = () => example(exampleIn('example'))
  all['example, vite'] = () => {
    const place = exampleIn('example-vite')
    shell('npx vite build --outDir out --logLevel warn', place)
    return example(join(place, 'out'))
  }
  all['example, webpack'] = () => {
    const place = exampleIn('example-webpack')
    shell('npx webpack --mode production --entry ./main.js --output-path out && cp index.html out/', place)
    return example(join(place, 'out'))
  }

  let ready
  const tasksFolder = async () => {
    const place = folder('tasks')
    cpSync(join(root, 'scripts/browser'), place, { recursive: true })
    const dist = './node_modules/hopfield-native/dist/web'
    for (const backend of BACKENDS) {
      await bundleVectors(place, backend, { dist, found: join(place, dist), platform: 'browser' })
    }
    return place
  }
  const tasks = async (use, headers, own = browser) => {
    ready ??= tasksFolder()
    const place = await ready
    return opened(
      own,
      place,
      async (page) => {
        await page.waitForFunction('document.title === "ready"')
        return use(
          (task, given) => page.evaluate(([task, given]) => window.run(task, given), [task, given]),
          page,
        )
      },
      headers,
    )
  }
  const compared = (text, where) => {
    expectThat(text === vectors, `the shared vectors are others in ${where}`)
    return `${digestOf(text)} as in Node`
  }
  for (const backend of BACKENDS) {
    all[`vectors in a page, ${backend}`] = () =>
      tasks(async (run) => compared(await run('vectors', backend), 'a page'))
    all[`vectors in a worker, ${backend}`] = () =>
      tasks(
        async (run) => compared(await run('inWorker', { task: 'vectors', given: backend }), 'a worker'),
        ISOLATION,
      )
  }
  for (const backend of BACKENDS) {
    all[`sharing, isolated, ${backend}`] = () => tasks((run) => run('share', backend), ISOLATION)
    all[`sharing, not isolated, ${backend}`] = () =>
      tasks(async (run) => {
        const code = await run('shareNothing', backend)
        expectThat(code === 'ERR_HOPFIELD_MEMORY', `share() gives ${code}`)
        return code
      })
    all[`a worker that dies, ${backend}`] = () => tasks((run) => run('death', backend))
  }
  all['turns of the page'] = () =>
    tasks(async (run) => {
      const turns = await run('turns')
      expectThat(turns >= 5, `a page has ${turns} turns during an asynchronous recall`)
      return `${turns} during an asynchronous recall`
    })
  for (const backend of BACKENDS) {
    all[`memory of the page, ${backend}`] = () =>
      tasks(async (run, page) => {
        const session = await page.context().newCDPSession(page)
        const used = async () => {
          await session.send('HeapProfiler.collectGarbage')
          const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
          return usedSize + (backingStorageSize ?? 0)
        }
        // The first round compiles, and the module's memory grows to what this work takes.
        const module = await run('churn', { backend, recalls: 1e4, memories: 100 })
        const before = await used()
        const grown = (await run('churn', { backend, recalls: 1e5, memories: 100 })) - module
        const more = (await used()) - before
        // Each memory has four million weights: what is left is no memory.
        expectThat(more < 2 ** 20, `10⁵ recalls and 100 memories leave ${more} bytes behind`)
        expectThat(grown < 2 ** 20, `10⁵ recalls and 100 memories leave ${grown} bytes behind in the module`)
        const own = module === 0 ? '' : `, and ${grown} in the module, which has ${module >> 20} MiB`
        return `${more} bytes more after 10⁵ recalls and 100 memories${own}`
      })
  }
  if (BACKENDS.includes('wasm')) {
    all['a page whose policy refuses workers'] = async () => {
      let told
      // The browser reports every refusal as an error of the page.
      const refused = /^the page reports [^;]*\bworker-src 'none'[^;]*$/
      const policy = { 'Content-Security-Policy': "worker-src 'none'" }
      await tasks(async (run) => (told = await run('refused')), policy).catch((error) => {
        if (!refused.test(error.message)) throw error
      })
      expectThat(told?.length === 1 && told[0].startsWith('HOPFIELD_NATIVE_THREAD: '), `it is told ${told}`)
      return told[0]
    }
    all['an engine without SIMD'] = async () => {
      const old = await launched(['--js-flags=--no-enable-sse4-1,--no-enable-ssse3,--no-enable-avx'])
      try {
        return await tasks(
          async (run) => {
            const { name, reason } = await run('ready')
            expectThat(name === 'typescript' && /SIMD/i.test(reason), `it computes in ${name}: ${reason}`)
            return `typescript; ${/[^:;]*SIMD.*/i.exec(reason)[0].trim()}`
          },
          undefined,
          old,
        )
      } finally {
        await old.close()
      }
    }
  }
  return all
}

installTools(join(root, 'scripts/bundlers'), app)
install(app)
writeFileSync(
  join(app, 'program.mjs'),
  recipesOf('bundling.md').find(({ name }) => name === 'The recipes').files[0].text,
)
const [backend, digest] = shell('node program.mjs', app).stdout.trim().split(' ')
expectThat(backend === 'native', `Node computes on ${backend}`)

const browser = await launched()
try {
  await runChecks(checks(browser, digest))
} finally {
  await browser.close()
}
