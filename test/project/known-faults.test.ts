import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { brokenCitations, type FoundTest, readKnownFaults } from '../support/known-faults.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const COUNT = 46

describe('docs/known-faults.md', () => {
  const faults = readKnownFaults()

  it('lists every fault once, in order', () => {
    expect(faults.map(({ name }) => name)).toEqual(
      Array.from({ length: COUNT }, (_, index) => `F${index + 1}`),
    )
  })

  it('names for each fault the tests that hold it, or the reason why there are none yet', () => {
    const neither = faults.filter(({ tests, open }) => tests.length > 0 === (open !== undefined))
    expect(neither.map(({ name }) => name)).toEqual([])
  })

  it('names files that exist, and whole titles', () => {
    const citations = faults.flatMap(({ name, tests }) => tests.map((test) => ({ name, ...test })))
    const missing = citations.filter(({ file, title }) => title === '' || !existsSync(`${ROOT}${file}`))
    expect(missing).toEqual([])
  })

  it('leaves no fault that had a test without one', () => {
    const OPEN = /^F(2[89]|3\d|4[0-5])$/
    const open = faults.filter((fault) => fault.open !== undefined).map(({ name }) => name)
    expect(open.filter((name) => !OPEN.test(name))).toEqual([])
  })
})

describe('the check of the tests that docs/known-faults.md names', () => {
  const FILE = 'test/a.test.ts'
  const row = (title: string) =>
    readKnownFaults(`| F1 | Two readers | ots, yopass#1 | \`${FILE} › ${title}\`<br>\`${FILE} › always\` |\n`)
  const found = (title: string, state: FoundTest['state'] = 'passed') => ({ file: FILE, title, state })
  const always = found('always')

  it.each([
    ['a title', 'races › F1: one wins'],
    ['the cases of a table', 'races › F1: …'],
    ['all tests of a group', 'races › …'],
  ])('accepts %s of tests that passed', (_what, title) => {
    const tests = [always, found('races › F1: one wins'), found('races › F1: "(b|c)" wins')]
    expect(brokenCitations(row(title), tests, 'passed')).toEqual([])
  })

  it('rejects a title that no test has any more, and names the row and the likely new title', () => {
    const tests = [always, found('races › F1: exactly one wins'), found('races › another')]
    expect(brokenCitations(row('races › F1: one wins'), tests, 'passed')).toEqual([
      'docs/known-faults.md, row F1: "test/a.test.ts › races › F1: one wins" is no test. ' +
        'Was it renamed? Update the row; these name F1: "test/a.test.ts › races › F1: exactly one wins".',
    ])
  })

  it('rejects a file that has no tests any more, and names where the tests may be now', () => {
    const moved = { ...found('F1: one wins'), file: 'test/b.test.ts' }
    expect(brokenCitations(row('F1: …'), [moved], 'passed')[0]).toBe(
      'docs/known-faults.md, row F1: "test/a.test.ts › F1: …" is no test. ' +
        'test/a.test.ts has no tests: was it moved? Update the row; these name F1: "test/b.test.ts › F1: one wins".',
    )
  })

  it('rejects a citation of no file below test', () => {
    const faults = readKnownFaults(
      '| F1 | Two readers | ots | `test/a.test.ts › always`<br>`tests/a.test.ts › F1: …` |\n',
    )
    expect(brokenCitations(faults, [always], 'passed')[0]).toMatch(
      'row F1: "tests/a.test.ts › F1: …" is no test.',
    )
  })

  it.each(['failed', 'skipped', 'pending'] as const)(
    'rejects a test that %s, unless it was not run',
    (state) => {
      const tests = [always, found('F1: 1'), found('F1: 2', state)]
      expect(brokenCitations(row('F1: …'), tests, 'exists')).toEqual([])
      expect(brokenCitations(row('F1: …'), tests, 'passed')).toEqual([
        `docs/known-faults.md, row F1: "test/a.test.ts › F1: …" did not pass: "F1: 2" ${state}.`,
      ])
    },
  )
})
