// Builds the documentation's site, in build-site/out/: the pages of docs/ and some READMEs, the examples with what they print, the
// reference and the playground. Links that lead nowhere end it.
//   npm run site [-- --base /hopfield-native/] [--serve]
// --base is the folder of the server that the site will stand in; --serve shows it at http://localhost:4173 afterwards.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from './serve.mjs'
import { deadLinks } from './site/dead-links.mjs'
import { examplePage, exampleTitle } from './site/example-page.mjs'
import { siteLinks } from './site/site-links.mjs'
import { tool } from './tools.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const work = join(root, 'build-site')
const pages = join(work, 'pages')
export const out = join(work, 'out')

/** Runs a program of Node, and gives what it says once it has ended. */
function run(...command) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, NO_COLOR: '1' } })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0 && !/\bwarn(ing)?\b|\(!\)|falling back/i.test(said)) resolve(said)
      else reject(new Error(`${command.join(' ')} ended with ${code}:\n${said}`))
    })
  })
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Lays out what VitePress reads. @returns the examples, for the sidebar. */
function layOut() {
  rmSync(work, { recursive: true, force: true })
  const { files, relinked, placeOfPage, figures } = siteLinks(root)
  // In the order of their index.
  const index = readFileSync(join(root, 'examples/README.md'), 'utf8')
  const programs = [...index.matchAll(/^\| \[`([\w-]+\.mjs)`\]/gm)].map(([, name]) => name)
  for (const file of files) {
    write(join(pages, `${placeOfPage(file)}.md`), relinked(readFileSync(join(root, file), 'utf8'), file))
  }
  write(
    join(pages, 'index.md'),
    relinked(readFileSync(join(root, 'site/index.md'), 'utf8'), 'site/index.md', 'index'),
  )
  for (const name of programs)
    write(join(pages, `${placeOfPage(`examples/${name}`)}.md`), examplePage(root, name))
  for (const [from, to] of figures) {
    mkdirSync(dirname(join(pages, to)), { recursive: true })
    cpSync(join(root, from), join(pages, to))
  }
  mkdirSync(join(pages, 'public'))
  cpSync(join(root, 'site/icon.svg'), join(pages, 'public/icon.svg'))
  const settings = join(pages, '.vitepress')
  cpSync(join(root, 'site/theme'), join(settings, 'theme'), { recursive: true })
  for (const name of ['config.mjs', 'pages.mjs']) cpSync(join(root, 'site', name), join(settings, name))
  return programs.map((name) => ({ text: exampleTitle(name), link: `/${placeOfPage(`examples/${name}`)}` }))
}

/** @param base the folder of the server, with slashes around it. */
export async function buildSite(base) {
  const examples = layOut()
  const vitepress = join(tool('vitepress'), 'node_modules')
  symlinkSync(vitepress, join(work, 'node_modules'), 'junction')
  const typedoc = join(tool('typedoc'), 'node_modules/typedoc/bin/typedoc')
  const vite = fileURLToPath(import.meta.resolve('vite', `file://${root}/apps/playground/`))
  process.env.HOPFIELD_SITE = JSON.stringify({ base, root, examples })
  await Promise.all([
    run(join(vitepress, 'vitepress/bin/vitepress.js'), 'build', pages),
    run(typedoc, '--options', 'site/typedoc.json'),
  ])
  renameSync(join(work, 'reference'), join(out, 'reference'))
  const where = ['--outDir', join(out, 'playground'), '--emptyOutDir']
  await run(join(dirname(vite), '../../bin/vite.js'), 'build', 'apps/playground', ...where)
  const dead = deadLinks(out, base)
  if (dead.length > 0) throw new Error(`${dead.length} links lead nowhere:\n${dead.join('\n')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { base: { type: 'string', default: '/' }, serve: { type: 'boolean' } },
  })
  if (!/^\/([\w.-]+\/)*$/.test(values.base)) {
    console.error(
      `--base: expected a folder of a server, with slashes around it, as /hopfield-native/, got ${values.base}`,
    )
    process.exit(2)
  }
  try {
    await buildSite(values.base)
    console.log(`the site is in ${out}, to be served at ${values.base}`)
    if (values.serve) console.log(`it is at ${(await serve(out, { base: values.base, port: 4173 })).url}`)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
