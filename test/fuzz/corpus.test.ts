import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { readInputs } from './corpus.ts'
import type { Target } from './target.ts'

const here = (path: string) => new URL(path, import.meta.url)
const names = readdirSync(here('targets')).map((file) => file.replace(/\.ts$/, ''))
const targets = await Promise.all(
  names.map(async (name) => ((await import(`./targets/${name}.ts`)) as { readonly target: Target }).target),
)

afterAll(() => Promise.all(targets.map((target) => target.close?.())))

describe('every property holds on each input that fuzzing has found', () => {
  test.each(targets.map((target) => [target.name, target] as const))('%s', async (name, target) => {
    const found = [...readInputs(here(`corpus/${name}.txt`)), ...readInputs(here(`regressions/${name}.txt`))]
    const seeds = target.seeds().map((seed) => Buffer.from(seed as string))
    expect(found.length).toBeGreaterThan(0)
    for (const input of [...seeds, ...found]) await target.run(input)
  })
})

test('each target has the name of its file, so that it can be chosen', () => {
  expect(targets.map((target) => target.name)).toEqual(names)
})

test('no file of inputs is left of a target that is gone', () => {
  const files = ['corpus', 'regressions'].flatMap((folder) => readdirSync(here(folder)))
  expect(files.filter((file) => !names.includes(file.replace(/\.txt$/, '')))).toEqual([])
})

/** Modules with an exported parser that no target imports, with the reason. */
const UNFUZZED: Readonly<Record<string, string>> = {
  'api/v2/secret-request.ts': 'it takes a request of Fastify: http-requests sends some',
  'config/environment.ts': 'it reads the environment of the process for loadConfig, which settings calls',
  'crypto/root-key-file.ts': 'it accepts one form of line only, in a file that the server writes',
  'http/read-body.ts': 'it reads a stream: http-requests sends some',
  'importer/onetime-secret/read-customers.ts': 'it asks Redis; old-records calls what parses the replies',
  'importer/onetime-secret/read-receipts.ts': 'it asks Redis; old-records calls what parses the replies',
  'importer/onetime-secret/read-secrets.ts': 'it asks Redis; old-records calls what parses the replies',
  'store/redis/tls.ts': 'it only reads files; Node.js parses them',
  'web/assets/icon/outline.ts': 'it reads an outline in our own code',
  'web/sealed-cookie.ts': 'it takes a request of Fastify; sealed-cookie calls what it calls',
}

const PARSER = /^export (?:async )?function\*? (?:parse|decode|read|negotiate|canonical|find\w*Key)\w*/m

test('a module that exports a parser is imported by a target, or is listed with a reason why not', () => {
  const modules = readdirSync(here('../../src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/^web\/browser\//.test(path))
    .filter((path) => PARSER.test(readFileSync(here(`../../src/${path}`), 'utf8')))
  const imported = names.flatMap((name) => {
    const text = readFileSync(here(`targets/${name}.ts`), 'utf8')
    return [...text.matchAll(/from '(?:\.\.\/)+src\/([^']+)'/g)].map(([, path]) => path)
  })
  expect(modules.filter((path) => !imported.includes(path)).sort()).toEqual(Object.keys(UNFUZZED))
})
