import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Row, Story } from './check.ts'
import { PROMISE_NAMES, type PromiseName } from './promises.ts'
import { isAbout, type Setting } from './settings.ts'

/** The story of each promise that a setting breaks, by their names. */
type Stories = Readonly<Record<string, Partial<Readonly<Record<PromiseName, Story>>>>>

/** Reads the expected stories. @param folder The folder of the model. */
export function readStories(folder: string): Stories {
  return JSON.parse(readFileSync(join(folder, 'stories.json'), 'utf8')) as Stories
}

/** Replaces the expected stories by those that were found. */
export function writeStories(folder: string, rows: readonly Row[]): void {
  const stories = Object.fromEntries(rows.map(({ setting, stories }) => [setting.name, stories]))
  writeFileSync(join(folder, 'stories.json'), `${JSON.stringify(stories, undefined, 2)}\n`)
}

/** Lists how a row differs from what is expected of its setting. */
export function differences({ setting, stories, states }: Row, expected: Stories): string[] {
  if (states === 0) return [`${setting.name}: no state was visited`]
  return PROMISE_NAMES.flatMap((promise) => {
    const found = stories[promise]
    const wanted = expected[setting.name]?.[promise]
    const isBroken = setting.broken.includes(promise)
    if (found === undefined) return isBroken ? [`${setting.name} keeps ${promise}, against expectation`] : []
    if (!isBroken) return [[`${setting.name} breaks ${promise}, against expectation:`, ...found].join('\n  ')]
    if (found.join('\n') === wanted?.join('\n')) return []
    return [[`${setting.name} breaks ${promise} in another way than expected:`, ...found].join('\n  ')]
  })
}

/** Returns rows of the matrix as a table in Markdown, by what is expected. */
export function matrix(settings: readonly Setting[]): string {
  const head = ['name', 'setting', ...PROMISE_NAMES]
  const rows = settings.map((setting) => [
    `\`${setting.name}\``,
    setting.title,
    ...PROMISE_NAMES.map((promise) => {
      if (!isAbout(setting, promise)) return ''
      return setting.broken.includes(promise) ? '**broken**' : 'holds'
    }),
  ])
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
