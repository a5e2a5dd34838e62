import { readFileSync } from 'node:fs'

const guide = readFileSync(new URL('../../docs/translations.md', import.meta.url), 'utf8')

/** The rows of the tables in docs/translations.md, by language and then by the title of the column. */
export const GUIDE: ReadonlyMap<string, Readonly<Record<string, string>>> = readTables(guide)

/** Returns the alternatives in a cell: `öffn·en / ungelesen` has two. */
export function alternativesIn(cell: string): string[] {
  return cell.split(' / ').filter((form) => form !== '')
}

/** Returns the text without what the terms do not depend on: vowel signs of Arabic, soft hyphens. */
export function plain(text: string): string {
  return text.replaceAll(/[\u064B-\u0652\u00AD]/g, '')
}

/** Returns a pattern for a term in any position, with any ending. `…` stands for other words of the sentence. */
export function termPattern(form: string): RegExp {
  const words = form.split(' ').map((word) => (word === '…' ? '.*' : `${stemOf(word)}\\p{L}*`))
  return new RegExp(words.join(' '), 'iu')
}

/** Returns a pattern for a word that stands alone, or begins with the part before `·`. CJK has no spaces to stand between. */
export function wordPattern(form: string): RegExp {
  const end = form.endsWith('·') ? '' : '(?![\\p{Script=Latin}\\p{Script=Cyrillic}])'
  const flags = /^\p{Lu}/u.test(form) ? 'u' : 'iu'
  return new RegExp(`(?<![\\p{Script=Latin}\\p{Script=Cyrillic}-])${stemOf(form)}${end}`, flags)
}

function stemOf(word: string): string {
  return word.replace(/·.*$/, '')
}

function readTables(markdown: string): Map<string, Record<string, string>> {
  const rows = new Map<string, Record<string, string>>()
  let titles: string[] = []
  for (const line of markdown.split('\n').filter((line) => line.startsWith('| '))) {
    const [language = '', ...cells] = line
      .slice(2, -1)
      .split('|')
      .map((cell) => cell.trim())
    if (language === 'Language') titles = cells
    else if (language !== '---')
      rows.set(
        language,
        Object.assign(
          rows.get(language) ?? {},
          Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ''])),
        ),
      )
  }
  return rows
}
