// What a link of a page means on the site. Pages link as they do on GitHub, from file to file; here such a link leads to the page of the
// file, to a copy of the figure, or to the file on GitHub where the site has no page of it.
import { existsSync, statSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { placeOf, sectionsOf } from '../../site/pages.mjs'

const REPOSITORY = 'https://github.com/hopfield-native/hopfield-native'
/** Code is left alone: fences, then spans. */
const CODE = /^(`{3,})[^\n]*\n[\s\S]*?^\1`*$|(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm
const LINK = /(\]\()([^)\s]+)(?=[)\s])|(\b(?:src|srcset)=")([^"]+)/g

/** @param {string} root */
export function siteLinks(root) {
  /** The pages that are files of the clone. */
  const files = sectionsOf(root).flatMap(({ entries }) => entries.map(({ file }) => file))
  /** Figures that pages show: where they are, and where they go. @type {Map<string, string>} */
  const figures = new Map()

  /** @param {string} file */
  function placeOfPage(file) {
    return /^examples\/[\w-]+\.mjs$/.test(file) ? file.replace('.mjs', '') : placeOf(file)
  }

  /** @param {string} target @param {string} from a file @param {string} place where its page is */
  function meant(target, from, place) {
    if (/^([a-z]+:|#)/.test(target)) return target
    const [path, hash] = target.split('#')
    const file = posix.normalize(posix.join(posix.dirname(from), path)).replace(/\/$/, '')
    const anchor = hash === undefined ? '' : `#${hash}`
    const to = (/** @type {string} */ other) => {
      const way = posix.relative(posix.dirname(place), other)
      return way.startsWith('.') ? way : `./${way}`
    }
    if (files.includes(file) || /^examples\/[\w-]+\.mjs$/.test(file))
      return `${to(`${placeOfPage(file)}.md`)}${anchor}`
    if (!existsSync(join(root, file))) throw new Error(`${from} links to ${target}, which is not there`)
    if (['.svg', '.png', '.gif', '.webp'].includes(extname(file))) {
      figures.set(file, `figures/${posix.basename(file)}`)
      return to(`figures/${posix.basename(file)}`)
    }
    const kind = statSync(join(root, file)).isDirectory() ? 'tree' : 'blob'
    return `${REPOSITORY}/${kind}/main/${file}${anchor}`
  }

  /** The text of a page with the links that it has on the site. @param {string} text @param {string} from @param {string} [place] */
  function relinked(text, from, place = placeOfPage(from)) {
    const change = (/** @type {string} */ prose) =>
      prose.replace(LINK, (_, open, target, attribute, value) =>
        open === undefined
          ? `${attribute}${meant(value, from, place)}`
          : `${open}${meant(target, from, place)}`,
      )
    let [done, at] = ['', 0]
    for (const code of text.matchAll(CODE)) {
      done += change(text.slice(at, code.index)) + code[0]
      at = code.index + code[0].length
    }
    // Of what a console shows only the first words are a command; coloured as one, all of it looks quoted.
    return (done + change(text.slice(at))).replace(/^```console$/gm, '```text')
  }

  return { files, relinked, placeOfPage, figures }
}
