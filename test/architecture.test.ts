import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))

const VOCABULARY = ['brand', 'time', 'errors'] as const

/** What each part may import of ours. Parts that are not listed compose, and may import all. */
const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  brand: [],
  time: ['brand'],
  errors: ['time'],
  'durable-file': [],
  version: [],
  i18n: ['brand'],
  limits: [...VOCABULARY],
  crypto: [...VOCABULARY, 'durable-file'],
  secrets: [...VOCABULARY, 'crypto', 'limits'],
  accounts: [...VOCABULARY, 'crypto', 'limits', 'secrets'],
  config: [...VOCABULARY, 'accounts', 'limits'],
  mail: [...VOCABULARY, 'i18n', 'accounts'],
  sharing: [...VOCABULARY, 'secrets', 'accounts', 'limits', 'mail', 'i18n'],
  store: [...VOCABULARY, 'durable-file', 'secrets', 'accounts', 'limits'],
  http: [...VOCABULARY, 'sharing', 'secrets', 'accounts', 'limits', 'i18n', 'crypto'],
  api: [...VOCABULARY, 'http', 'sharing', 'secrets', 'accounts', 'limits'],
  web: [...VOCABULARY, 'http', 'sharing', 'secrets', 'accounts', 'limits', 'i18n', 'crypto'],
  // Watches the others, none of which knows it.
  telemetry: [...VOCABULARY, 'secrets', 'store', 'mail', 'http'],
}
const COMPOSERS = ['main', 'commands', 'server', 'testing']

/** Parts that live side by side and do not know each other. */
const STRANGERS = [
  ['store/redis', 'store/lmdb'],
  ['api', 'web'],
] as const

/** Packages that only one part may know. */
const OWNERS: Readonly<Record<string, string>> = {
  ioredis: 'store/redis',
  lmdb: 'store/lmdb',
  argon2: 'crypto',
  nodemailer: 'mail',
  'prom-client': 'telemetry',
}

interface SourceFile {
  /** Relative to `src`. */
  readonly path: string
  readonly text: string
  /** Files of ours, relative to `src`. */
  readonly imports: readonly string[]
  readonly packages: readonly string[]
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => path.replaceAll('\\', '/'))
  .map(readSource)
const byPath = new Map(files.map((file) => [file.path, file]))

describe('the shape of src', () => {
  it('is read at all', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(byPath.get('secrets/new-secret.ts')?.imports).toContain('secrets/keys.ts')
    for (const { path, imports } of files)
      for (const target of imports) expect(byPath.has(target), `${path} imports ${target}`).toBe(true)
  })

  it('has no part that is not placed', () => {
    const placed = new Set([...Object.keys(DIRECTIONS), ...COMPOSERS])
    expect(files.map(({ path }) => partOf(path)).filter((part) => !placed.has(part))).toEqual([])
  })

  it('lets imports go in one direction', () => {
    const wrong = edges().filter(([from, to]) => {
      const allowed = DIRECTIONS[partOf(from)]
      return allowed !== undefined && partOf(from) !== partOf(to) && !allowed.includes(partOf(to))
    })
    expect(wrong).toEqual([])
  })

  it.each(STRANGERS)('keeps %s and %s strangers', (one, other) => {
    const inside = (path: string, folder: string) => path.startsWith(`${folder}/`)
    const wrong = edges().filter(
      ([from, to]) => (inside(from, one) && inside(to, other)) || (inside(from, other) && inside(to, one)),
    )
    expect(wrong).toEqual([])
  })

  it('has no cycle', () => {
    expect(files.flatMap(({ path }) => cycleThrough(path) ?? [])).toEqual([])
  })

  it.each(Object.entries(OWNERS))('knows %s in %s alone', (name, owner) => {
    const users = files.filter(({ packages }) => packages.includes(name)).map(({ path }) => path)
    expect(users).not.toEqual([])
    expect(users.filter((path) => !path.startsWith(`${owner}/`))).toEqual([])
  })

  it('has no barrel and no dumping ground', () => {
    const names = /(^|\/)(index|utils?|helpers?|common|shared|misc|lib)(\.ts|\/)/
    expect(files.map(({ path }) => path).filter((path) => names.test(path))).toEqual([])
  })

  it('reads the environment in config alone', () => {
    const readers = files.filter(({ text }) => /process\.env\b|\benv\b.*from 'node:process'/.test(text))
    expect(readers.map(({ path }) => path).filter((path) => partOf(path) !== 'config')).toEqual([])
  })

  it('says what every exported function and class is for', () => {
    const silent = files.flatMap(({ path, text }) => {
      const lines = text.split('\n')
      return lines
        .map((line, index) => ({ line, above: lines[index - 1] ?? '' }))
        .filter(({ line, above }) => isExportedCode(line) && !above.trimEnd().endsWith('*/'))
        .map(({ line }) => `${path}: ${line}`)
    })
    expect(silent).toEqual([])
  })
})

function readSource(path: string): SourceFile {
  const text = readFileSync(join(SOURCE, path), 'utf8')
  const found = [...text.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^']+)'/g)]
  const names = found.map(([, name = '']) => name)
  const isOurs = (name: string) => name.startsWith('.')
  return {
    path,
    text,
    imports: names
      .filter((name) => isOurs(name) && name.endsWith('.ts'))
      .map((name) => join(dirname(path), name)),
    packages: names.filter((name) => !isOurs(name)),
  }
}

function partOf(path: string): string {
  return path.replace(/\.ts$/, '').split('/')[0] ?? ''
}

function edges(): (readonly [from: string, to: string])[] {
  return files.flatMap(({ path, imports }) => imports.map((target) => [path, target] as const))
}

/** @returns The files by which one imports itself. */
function cycleThrough(start: string): string[] | undefined {
  const seen = new Set<string>()
  const walk = (path: string, trail: string[]): string[] | undefined => {
    for (const next of byPath.get(path)?.imports ?? []) {
      if (next === start) return [...trail, next]
      if (seen.has(next)) continue
      seen.add(next)
      const cycle = walk(next, [...trail, next])
      if (cycle !== undefined) return cycle
    }
    return undefined
  }
  return walk(start, [start])
}

function isExportedCode(line: string): boolean {
  return /^export (default )?(async )?(function|class)\b|^export const \w+(: [^=]+)? = (async )?(\([^)]*\)|\w+)(: [^=]+)? =>/.test(
    line,
  )
}
