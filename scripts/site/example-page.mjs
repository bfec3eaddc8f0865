// The page of an example: what its header says, the program, and what it prints.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const REPOSITORY = 'https://github.com/hopfield-native/hopfield-native'

/** @param {string} name of the file */
export function exampleTitle(name) {
  const words = name.replace('.mjs', '').replaceAll('-', ' ')
  return words[0].toUpperCase() + words.slice(1)
}

/** Text that Markdown and Vue take as it is. @param {string} text */
function plain(text) {
  return text.replace(/[\\`*_{}[\]<>#|&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** @param {string} root @param {string} name of the file in examples/ */
export function examplePage(root, name) {
  const text = readFileSync(join(root, 'examples', name), 'utf8')
  const printed = readFileSync(join(root, 'examples/output', name.replace('.mjs', '.txt')), 'utf8')
  const [, header] = /^((?:\/\/.*\n)+)/.exec(text) ?? []
  if (header === undefined) throw new Error(`examples/${name} has no header`)
  const lines = header
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(3))
  // Indented lines are commands.
  const [summary, ...more] = lines.join('\n').split(/\n(?: {2}.*\n?)+/)
  const commands = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim())
  return [
    `# ${exampleTitle(name)}`,
    plain(summary),
    `\`\`\`sh\n${commands.join('\n')}\n\`\`\``,
    ...more.filter((part) => part !== '').map(plain),
    `## The program\n\n[\`examples/${name}\`](${REPOSITORY}/blob/main/examples/${name})`,
    `\`\`\`js\n${text.slice(header.length).trimEnd()}\n\`\`\``,
    `## What it prints\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\`\n`,
  ].join('\n\n')
}
