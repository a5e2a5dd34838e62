import { type Setting, settings } from './settings.ts'

const rows: readonly Setting[] = Object.values(settings)

const EXAMPLE_HEAD = `# The settings of Emberlink. Copy this file to .env and take away the # in front of what you change; what is set in
# the environment wins over this file. A value with a # inside stands in quotes.
# Written by \`npm run docs\` from src/config/settings.ts.
`

/** @returns The text of `.env.example`: every setting with its meaning and an example, all of them commented out. */
export function envExample(): string {
  return [EXAMPLE_HEAD, ...rows.map(exampleOf)].join('\n')
}

/** @returns The settings as a Markdown table. */
export function settingsTable(): string {
  const lines = rows.map((row) => {
    const name = row.secret ? `\`${row.name}\` *` : `\`${row.name}\``
    return [name, row.meaning, capitalised(row.type.accepts), inMarkdown(row)].map(cell).join(' | ')
  })
  return ['Setting | Meaning | Takes | Default', '--- | --- | --- | ---', ...lines]
    .map((line) => `| ${line} |\n`)
    .join('')
}

function exampleOf({ name, meaning, type, secret, example, ...row }: Setting): string {
  const value = example.includes('#') ? `"${example}"` : example
  return [
    `# ${meaning}`,
    `# Takes ${type.accepts}.`,
    `# Default: ${row.default ?? row.otherwise}`,
    ...(secret ? [`# Secret: ${name}_FILE may name a file that holds it.`] : []),
    `#${name}=${value}`,
    '',
  ].join('\n')
}

function inMarkdown(row: Setting): string {
  return row.default === undefined ? (row.otherwise ?? '') : `\`${row.default}\``
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
