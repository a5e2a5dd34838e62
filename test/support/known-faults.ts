import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const PAGE = 'docs/known-faults.md'
const SEPARATOR = ' › '

/** A row of the page. */
export interface KnownFault {
  /** Such as `F3`. */
  readonly name: string
  /** Tests that hold it; none where it is still open. */
  readonly tests: readonly Citation[]
  /** Why there is no test yet, where there is none. */
  readonly open: string | undefined
}

/** Names one test, or all cases of a table of tests. */
export interface Citation {
  /** Relative to the repository. */
  readonly file: string
  /** Titles of the test and of the groups around it, joined by ` › `; `…` stands for any text. */
  readonly title: string
}

/** A test as a run or a collection found it. */
export interface FoundTest extends Citation {
  readonly state: 'passed' | 'skipped' | 'failed' | 'pending'
}

/** Reads the rows of docs/known-faults.md. */
export function readKnownFaults(page: string = readFileSync(join(ROOT, PAGE), 'utf8')): KnownFault[] {
  return [...page.matchAll(/^\| (F\d+) \| [^|]+ \| [^|]+ \| (.+) \|$/gm)].map(([, name = '', cell = '']) => {
    const open = /^not yet: (.+)$/.exec(cell)?.[1]
    const quoted = open === undefined ? [...cell.matchAll(/`([^`]+)`/g)] : []
    return { name, open, tests: quoted.map(([, text = '']) => parseCitation(text)) }
  })
}

/** Lists every test file there is, relative to the repository. */
export function testFiles(): string[] {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
}

/**
 * Compares what the page promises with the tests that were found.
 * @param condition `passed` after a run; `exists` where tests were only collected.
 * @returns One line for each citation that does not hold, which says what to change.
 */
export function brokenCitations(
  faults: readonly KnownFault[],
  found: readonly FoundTest[],
  condition: 'passed' | 'exists',
): string[] {
  const cited = faults.flatMap(({ name, tests }) => tests.map((test) => ({ name, ...test })))
  return cited.flatMap(({ name, file, title }) => {
    const inFile = found.filter((test) => test.file === file)
    const pattern = patternOf(title)
    const matching = inFile.filter((test) => pattern.test(test.title))
    const where = `${PAGE}, row ${name}: "${file}${SEPARATOR}${title}"`
    if (matching.length === 0) return [`${where} is no test. ${suggest(name, file, found)}`]
    const unproven = matching.filter(({ state }) => condition === 'passed' && state !== 'passed')
    return unproven.map((test) => `${where} did not pass: "${test.title}" ${test.state}.`)
  })
}

function parseCitation(text: string): Citation {
  const [file = '', ...titles] = text.split(SEPARATOR)
  return { file, title: titles.join(SEPARATOR) }
}

function patternOf(title: string): RegExp {
  const parts = title.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}

function suggest(name: string, file: string, found: readonly FoundTest[]): string {
  const isMoved = found.every((test) => test.file !== file)
  const naming = found
    .filter((test) => isMoved || test.file === file)
    .filter(({ title }) => new RegExp(`\\b${name}\\b`).test(title))
    .slice(0, 3)
    .map((test) => `"${test.file}${SEPARATOR}${test.title}"`)
  const cause = isMoved ? `${file} has no tests: was it moved?` : 'Was it renamed?'
  return `${cause} Update the row${naming.length > 0 ? `; these name ${name}: ${naming.join(', ')}` : ''}.`
}
