// The settings of VitePress. scripts/site.mjs lays the pages out, and says here where they are to be served and what is beside them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { placeOf, sectionsOf } from './pages.mjs'

const { base, root, examples } = JSON.parse(process.env.HOPFIELD_SITE ?? '{}')

/** What a page calls itself. @param {string} file */
function headingOf(file) {
  const [, heading] = /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8')) ?? []
  if (heading === undefined) throw new Error(`${file} has no heading`)
  return heading.replaceAll('`', '')
}

/** A page that VitePress has not made, so that the browser has to go there. */
const apart = { target: '_self' }
const reference = { text: 'Reference', link: '/reference/index.html', ...apart }

const sections = sectionsOf(root).map(({ title, entries }) => ({
  text: title,
  collapsed: false,
  items: entries.map(({ file, words }) => ({
    text: words ?? headingOf(file),
    link: `/${placeOf(file)}`.replace(/index$/, ''),
    ...(file === 'examples/README.md' ? { collapsed: true, items: examples } : {}),
  })),
}))
const internals = sections.pop()

export default {
  base,
  title: 'hopfield-native',
  description:
    'Associative memory for Node.js: Hopfield networks of every kind, fast, and the same bits everywhere.',
  lang: 'en-GB',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  outDir: '../out',
  cacheDir: '../cache',
  // A link to a page that is not there ends the build; scripts/site.mjs looks at the others.
  ignoreDeadLinks: false,
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark' },
    languageAlias: { mjs: 'js', cjs: 'js', capnp: 'proto' },
  },
  vite: { build: { chunkSizeWarningLimit: 2000 }, logLevel: 'warn' },
  themeConfig: {
    siteTitle: 'hopfield-native',
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Examples', link: '/examples/' },
      { text: 'Playground', link: '/playground/index.html', ...apart },
      reference,
      { text: 'Changes', link: '/changelog' },
    ],
    sidebar: [
      ...sections,
      { text: 'Reference', items: [{ ...reference, text: 'All names' }] },
      ...(internals === undefined ? [] : [internals]),
    ],
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: 'https://github.com/hopfield-native/hopfield-native' }],
    footer: { message: 'MIT licence' },
  },
}
