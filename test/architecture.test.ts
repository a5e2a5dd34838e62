import { describe, expect, it } from 'vitest'
import {
  parseSource,
  readSources,
  readsEnvironment,
  undocumented,
  withoutSummary,
} from './support/sources.ts'

const VOCABULARY = ['brand', 'time', 'errors'] as const

/** What each room may import of the others. Rooms that are not listed compose, and may import all. */
const DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  brand: [],
  time: ['brand'],
  errors: ['time'],
  deadline: [],
  'durable-file': [],
  host: ['brand'],
  'redis-url': [],
  version: [],
  i18n: ['brand'],
  limits: [...VOCABULARY],
  crypto: [...VOCABULARY, 'durable-file'],
  secrets: [...VOCABULARY, 'crypto', 'limits'],
  accounts: [...VOCABULARY, 'crypto', 'secrets'],
  importer: [...VOCABULARY, 'host', 'redis-url', 'crypto', 'secrets', 'accounts', 'store'],
  config: [...VOCABULARY, 'host', 'redis-url', 'accounts', 'limits', 'i18n'],
  mail: [...VOCABULARY, 'host', 'i18n', 'accounts'],
  sharing: [...VOCABULARY, 'host', 'secrets', 'accounts', 'limits', 'mail', 'i18n'],
  store: [...VOCABULARY, 'deadline', 'durable-file', 'redis-url', 'secrets', 'accounts', 'limits'],
  http: [...VOCABULARY, 'host', 'sharing', 'secrets', 'accounts', 'limits', 'i18n', 'crypto'],
  api: [...VOCABULARY, 'host', 'http', 'sharing', 'secrets', 'accounts', 'i18n', 'version'],
  web: [...VOCABULARY, 'host', 'http', 'sharing', 'secrets', 'accounts', 'i18n', 'crypto'],
  // Asks servers from outside, other ones too, so it knows nothing of this one.
  conformance: [],
  // Observes the others, none of which knows it.
  telemetry: [...VOCABULARY, 'deadline', 'secrets', 'accounts', 'limits', 'store', 'mail', 'http'],
}
const COMPOSERS = ['main', 'commands', 'server', 'testing']

/** Rooms that do not know each other. */
const STRANGERS = [
  ['store/redis', 'store/lmdb'],
  ['api', 'web'],
] as const

/** Packages that only one room may know. */
const OWNERS: Readonly<Record<string, string>> = {
  ioredis: 'store/redis',
  lmdb: 'store/lmdb',
  argon2: 'crypto',
  nodemailer: 'mail',
  'prom-client': 'telemetry',
}

/** Rooms without I/O. They know no package but these. */
const DOMAIN = ['sharing', 'secrets', 'accounts', 'limits']
const DOMAIN_PACKAGES = ['node:crypto', 'nanoid']

const files = readSources()
const byPath = new Map(files.map((file) => [file.path, file]))
/** Every import of one file by another. */
const edges = files.flatMap((from) =>
  from.imports.map((path) => ({ from, to: byPath.get(path), text: `${from.path} imports ${path}` })),
)

describe('src', () => {
  it('is read whole', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(byPath.get('secrets/new-secret.ts')?.imports).toContain('secrets/keys.ts')
    expect(edges.filter(({ to }) => to === undefined).map(({ text }) => text)).toEqual([])
  })

  it('has no room without a place', () => {
    const placed = new Set([...Object.keys(DIRECTIONS), ...COMPOSERS])
    expect(files.filter(({ room }) => !placed.has(room)).map(({ path }) => path)).toEqual([])
  })

  it('imports only downward', () => {
    const wrong = edges.filter(({ from, to }) => {
      const allowed = DIRECTIONS[from.room]
      return allowed !== undefined && to?.room !== from.room && !allowed.includes(to?.room ?? '')
    })
    expect(wrong.map(({ text }) => text)).toEqual([])
  })

  it('allows no import that is never made', () => {
    const made = new Set(edges.map(({ from, to }) => `${from.room} > ${to?.room}`))
    const allowed = Object.entries(DIRECTIONS).flatMap(([room, others]) =>
      others.filter((other) => !isVocabulary(other)).map((other) => `${room} > ${other}`),
    )
    expect(allowed.filter((arrow) => !made.has(arrow))).toEqual([])
  })

  it.each(STRANGERS)('keeps %s and %s apart', (...rooms) => {
    const roomOf = (path = '') => rooms.find((room) => path.startsWith(`${room}/`))
    const wrong = edges.filter(({ from, to }) => {
      const ends = [roomOf(from.path), roomOf(to?.path)]
      return ends[0] !== undefined && ends[1] !== undefined && ends[0] !== ends[1]
    })
    expect(wrong.map(({ text }) => text)).toEqual([])
  })

  it('loads what tests can control in ephemeral servers only', () => {
    const users = edges.filter(({ from, to }) => to?.path.startsWith('testing/') && from.room !== 'testing')
    const loaders = [
      'commands/ephemeral-options.ts',
      'commands/ephemeral.ts',
      'server/ephemeral.ts',
      'server/replaceable-backend.ts',
    ]
    expect([...new Set(users.map(({ from }) => from.path))].sort()).toEqual(loaders.slice(1))
    const starters = files.filter(({ imports }) => imports.some((path) => loaders.includes(path)))
    const outside = starters.filter(({ path }) => path !== 'testing.ts' && !loaders.includes(path))
    expect(outside.map(({ path }) => path)).toEqual(['commands/serve.ts'])
    // A static import would load them in every server.
    expect(byPath.get('commands/serve.ts')?.text).not.toMatch(/from '\.\/ephemeral/)
  })

  it('has no import cycle', () => {
    expect(files.flatMap(({ path }) => cycleThrough(path) ?? [])).toEqual([])
  })

  it.each(Object.entries(OWNERS))('imports %s in %s only', (name, owner) => {
    const isFrom = (used: string) => used === name || used.startsWith(`${name}/`)
    const users = files.filter(({ packages }) => packages.some(isFrom)).map(({ path }) => path)
    expect(users).not.toEqual([])
    expect(users.filter((path) => !path.startsWith(`${owner}/`))).toEqual([])
  })

  it.each(DOMAIN)('does no I/O in %s', (room) => {
    const inside = files.filter((file) => file.room === room)
    const known = inside.flatMap(({ path, packages }) => packages.map((name) => ({ path, name })))
    expect(inside).not.toEqual([])
    expect(known.filter(({ name }) => !DOMAIN_PACKAGES.includes(name))).toEqual([])
  })

  it('has no barrel and no dumping ground', () => {
    const names = /(^|\/)(index|utils?|helpers?|common|shared|misc|lib)(\.ts|\/)/
    expect(files.map(({ path }) => path).filter((path) => names.test(path))).toEqual([])
  })

  it('reads the environment in config only', () => {
    const readers = files.filter(readsEnvironment)
    expect(readers.map(({ path, room }) => (room === 'config' ? room : path))).toEqual(
      readers.map(() => 'config'),
    )
    expect(readers).not.toEqual([])
  })

  it('documents every exported declaration', () => {
    expect(files.flatMap(undocumented)).toEqual([])
  })

  it('begins every docblock with a summary', () => {
    expect(files.flatMap(withoutSummary)).toEqual([])
  })
})

describe('reading a file of src', () => {
  it.each([
    "import { a } from '../b/c.ts'",
    'import { a } from "../b/c.ts"',
    "import '../b/c.js'",
    "const all = [import('../b/c.ts')]",
    "type A = Array<import('../b/c.ts').A>",
    "export * from '../b/c.ts'",
  ])('finds the import in: %s', (text) => {
    expect(parseSource('a/a.ts', text).imports).toEqual(['b/c.ts'])
  })

  it.each([
    'process.env.PORT',
    "process['env']",
    'const { env } = process',
    "import { env } from 'node:process'",
    "import {\n  env,\n} from 'node:process'",
  ])('finds where the environment is read: %s', (text) => {
    expect(readsEnvironment(parseSource('a/a.ts', text))).toBe(true)
  })
})

function isVocabulary(room: string): boolean {
  return (VOCABULARY as readonly string[]).includes(room)
}

/** Returns the files through which a file imports itself. */
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
