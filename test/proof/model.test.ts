import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { BUGS } from './model/bugs.ts'
import { checkSetting, type Model, searchScope } from './model/check.ts'
import { differences, matrix, readStories } from './model/expected.ts'
import { PROMISE_NAMES } from './model/promises.ts'
import { isMet, readReferences, withoutReference } from './model/references.ts'
import { assertExhaustive } from './model/search.ts'
import { SETTINGS } from './model/settings.ts'
import { findTools } from './model/tools.ts'

const folder = fileURLToPath(new URL('./model/', import.meta.url))
const root = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
const expected = readStories(folder)
let model: Model

beforeAll(async () => {
  model = { tools: await findTools(), folder }
})

describe('the model, searched exhaustively', () => {
  it.each(SETTINGS.map((setting) => [setting.title, setting] as const))(
    '%s: keeps and breaks what is expected',
    async (_, setting) => {
      expect(differences(await checkSetting(model, setting), expected)).toEqual([])
    },
  )

  it('lets the secret be read in every setting, so that no promise holds for want of readers', async () => {
    for (const { name, scopes } of SETTINGS) {
      for (const scope of scopes) {
        const { story } = await searchScope(model, scope, ['unread'], 'any')
        expect(story?.at(-1), name).toMatch(/gets the secret$/)
      }
    }
  })

  it.each(BUGS.map((bug) => [bug.title, bug] as const))('finds %s', async (_, { name, scope, breaks }) => {
    const { story } = await searchScope(model, [...scope, name], [breaks], 'any')
    expect(story).toBeDefined()
    expect((await searchScope(model, scope, [breaks], 'any')).story).toBeUndefined()
  })

  it('sees each promise broken by a bug or in a setting', () => {
    const broken = [...BUGS.map(({ breaks }) => breaks), ...SETTINGS.flatMap((setting) => setting.broken)]
    expect(new Set(broken)).toEqual(new Set(PROMISE_NAMES))
  })
})

describe('a search', () => {
  const whole = 'Full statespace search for:\n\nState-vector 76 byte, depth reached 71, errors: 0\n'

  it('counts when it has visited everything', () => {
    expect(() => assertExhaustive(whole)).not.toThrow()
  })

  it.each([
    'error: max search depth too small',
    'Warning: Search not completed',
    'pan: out of memory',
    'pan: reached -DMEMLIM bound, memory limit',
    'Bit statespace search for:',
  ])('does not count when the checker says "%s"', (line) => {
    expect(() => assertExhaustive(`${line}\n${whole}`)).toThrow('not exhaustive')
  })

  it('does not count without its last line, or with an error', () => {
    expect(() => assertExhaustive('Full statespace search for:\n')).toThrow('not exhaustive')
    expect(() => assertExhaustive(whole.replace('errors: 0', 'errors: 1'))).toThrow('not exhaustive')
  })

  it('fails on a model that SPIN rejects', async () => {
    await expect(searchScope(model, ['NODES=1'], [], 'any')).rejects.toThrow()
  })
})

describe('what the model says that it stands for', () => {
  const references = readReferences(`${folder}spin`)

  it('is said of each part of it', () => {
    expect(references.length).toBeGreaterThan(50)
    expect(withoutReference(`${folder}spin`)).toEqual([])
  })

  it('is in the code and its documentation', () => {
    expect(references.filter((reference) => !isMet(reference, root))).toEqual([])
    expect(isMet({ from: '', path: 'src/secrets/states.ts', text: 'no such thing' }, root)).toBe(false)
    expect(isMet({ from: '', path: 'src/none.ts', text: '' }, root)).toBe(false)
  })
})

it('has the matrix of its README', () => {
  expect(readme).toContain(matrix(SETTINGS))
})

it('takes a setting of which no state was visited for a failure', () => {
  const [setting] = SETTINGS
  if (setting === undefined) throw new Error('there is no setting')
  expect(differences({ setting, stories: {}, states: 0, seconds: 0 }, expected)).toEqual([
    'redis: no state was visited',
  ])
  expect(differences({ setting, stories: {}, states: 1, seconds: 0 }, expected)).toEqual([])
})
