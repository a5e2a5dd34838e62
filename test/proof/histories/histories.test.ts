import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../support/random.ts'
import { isLinearizable, isLinearizableUnlessUndone } from './checker.ts'
import { damagedHistory, rightHistory } from './generated.ts'
import { bySecret, type HistoryHead, type HistoryLine, NoHistory, readHistory } from './history.ts'
import { findingsIn, isOfUndoneLooks, textOf, withoutLooks } from './judge.ts'
import { linesOf, RIGHT, WRONG } from './planted.ts'
import { judgedByPorcupine } from './porcupine.ts'
import { violationsIn } from './properties.ts'

const HEAD: HistoryHead = { format: 1, store: 'none', seed: 1, replicas: 0 }
const GENERATED = 1500

const folder = mkdtempSync(join(tmpdir(), 'emberlink-histories-'))
afterAll(() => rmSync(folder, { recursive: true }))

const random = seededRandom('histories')
const numbers = Array.from({ length: GENERATED }, (_, secret) => secret)
const histories: Readonly<Record<string, readonly HistoryLine[]>> = {
  wrong: Object.values(WRONG).flatMap(linesOf),
  right: Object.values(RIGHT).flatMap(linesOf),
  generated: numbers.flatMap((secret) => rightHistory(random, secret)),
  damaged: numbers.flatMap((secret) => damagedHistory(random, secret)),
}

/** The secrets of each history, and of the wrong one without looks, that Porcupine rejects. */
const rejected: Record<string, readonly number[]> = {}
beforeAll(async () => {
  const files = Object.entries(histories).map(([name, lines]) => {
    const file = join(folder, `${name}.jsonl`)
    writeFileSync(file, [HEAD, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''))
    return file
  })
  const verdicts = await judgedByPorcupine(files)
  const [wrong = ''] = files
  const [claims = []] = await judgedByPorcupine([wrong], 'without looks')
  rejected['claims'] = claims
  for (const [at, name] of Object.keys(histories).entries()) rejected[name] = verdicts[at] ?? []
})

describe.each(Object.keys(WRONG).map((what, secret) => ({ what, secret })))(
  'a history of $what',
  (planted) => {
    const lines = linesOf(WRONG[planted.what] ?? [])
    it('is rejected by the checker, and by Porcupine', () => {
      expect(isLinearizable(lines)).toBe(false)
      expect(rejected['wrong']).toContain(planted.secret)
    })
  },
)

describe.each(Object.keys(RIGHT).map((what, secret) => ({ what, secret })))(
  'a history of $what',
  (planted) => {
    it('is accepted by the checker, and by Porcupine', () => {
      expect(findingsIn(linesOf(RIGHT[planted.what] ?? []))).toEqual([])
      expect(rejected['right']).not.toContain(planted.secret)
    })
  },
)

describe('the judges of histories', () => {
  it('accept what a right server lets many clients see at once, with answers lost', () => {
    expect(findingsIn(histories['generated'] ?? [])).toEqual([])
    expect(rejected['generated']).toEqual([])
  })

  it('agree on each of many histories in which one answer was changed', () => {
    const secrets = [...bySecret(histories['damaged'] ?? [])]
    const ours = secrets.filter(([, lines]) => !isLinearizable(lines)).map(([secret]) => secret)
    expect(ours).toEqual(rejected['damaged'])
    expect(ours.length).toBeGreaterThan(GENERATED / 8)
    const broken = secrets.filter(([, lines]) => violationsIn(lines).length > 0).map(([secret]) => secret)
    expect(broken.length).toBeGreaterThan(GENERATED / 16)
    expect(ours).toEqual(expect.arrayContaining(broken))
  })

  it('tell apart looks at what a failover then undid', () => {
    const told = Object.entries(WRONG).map(([what, story], secret) => ({
      what,
      lines: linesOf(story, secret),
    }))
    const rejectedClaims = told.flatMap(({ lines }, secret) =>
      isLinearizable(withoutLooks(lines)) ? [] : [secret],
    )
    expect(rejectedClaims).toEqual(rejected['claims'])
    const undone = told
      .filter(({ lines }) => findingsIn(lines).every(isOfUndoneLooks))
      .map(({ what }) => what)
    expect(undone).toEqual([
      'a reveal that a failover undid after it had been seen',
      'two claims that two masters show in turns',
    ])
    const unexplained = told.filter(({ lines }) =>
      findingsIn(lines).some(({ violations }) => violations.includes('a look that no order explains')),
    )
    expect(unexplained.map(({ what }) => what)).toEqual([
      'expired before its time',
      'a receipt forgotten before its time',
      'resurrected by a failover, and seen',
      'resurrected by a failover, and its receipt too',
      'a receipt that says burned of a revealed secret',
      'a receipt that says revealed of a secret which nobody tried to reveal',
      'a receipt that says burned of a secret which nobody tried to burn',
      'a secret that looks gone before anybody came',
      'a reveal that is undone after somebody was told of it',
    ])
  })

  it('let a failover undo looks, and nothing else', () => {
    let undone = 0
    for (const lines of bySecret(histories['damaged'] ?? []).values()) {
      const isExplained = isLinearizableUnlessUndone(lines)
      if (isLinearizable(lines)) expect(isExplained).toBe(true)
      else if (isExplained) undone += 1
      if (isExplained) expect(isLinearizable(withoutLooks(lines))).toBe(true)
      expect(isLinearizableUnlessUndone(withoutLooks(lines))).toBe(isLinearizable(withoutLooks(lines)))
    }
    expect(undone).toBeGreaterThan(0)
  })

  it('name each broken promise', () => {
    const named = Object.values(WRONG).flatMap((story) => violationsIn(linesOf(story)))
    expect(new Set(named)).toEqual(
      new Set([
        'two have claimed it',
        'revealed after a burn was acknowledged',
        'unknown, although nobody can have claimed it',
        'unknown before it was claimed or seen',
        'available again after it was claimed',
        'its receipt is unknown, although it was created',
        'its receipt says revealed, although nobody tried to reveal it',
        'its receipt says burned, although nobody tried to burn it',
        'claimed after it had expired',
        'an answer that is always wrong',
      ]),
    )
    expect(violationsIn(linesOf(WRONG['a secret that looks gone before anybody came'] ?? []))).toEqual([
      'unknown, although nobody can have claimed it',
    ])
    const [finding] = findingsIn(linesOf(WRONG['two readers'] ?? []))
    expect(finding && textOf(finding)).toMatch(
      /^secret 1: two have claimed it; not linearizable\n.*create created.*\n {2}5\.0-20\.0 ms, server 0, none: reveal value/,
    )
  })

  it('read what was written, and nothing else', () => {
    expect(readHistory(join(folder, 'right.jsonl'))).toEqual({ head: HEAD, lines: histories['right'] })
    const other = join(folder, 'other.jsonl')
    const head = JSON.stringify(HEAD)
    const line = JSON.stringify(histories['right']?.[0])
    for (const [text, reason] of [
      ['', 'is no history of format 1'],
      ['{"format":2}\n', 'is no history of format 1'],
      ['a text\n', 'is no history of format 1'],
      [`${head}\n${line}\n${line.slice(0, 9)}`, 'is no history: see line 3'],
      [`${head}\n{}\n`, 'is no history: see line 2'],
      [`${head}\n${line.replace('create', 'claim')}\n`, 'is no history: see line 2'],
      [`${head}\n${line.replace('"create"', '["create"]')}\n`, 'is no history: see line 2'],
      [`${head}\n${line.replace('{', '{"age":5,')}\n`, 'is no history: see line 2'],
      [`${head}\n${line.replace('{"secret":', '{"secret":0.5')}\n`, 'is no history: see line 2'],
    ] as const) {
      writeFileSync(other, text)
      expect(() => readHistory(other)).toThrow(new NoHistory(`${other} ${reason}`))
    }
    expect(() => readHistory(folder)).toThrow(new NoHistory(`${folder} cannot be read: EISDIR`))
    expect(() => readHistory(`${other}s`)).toThrow(new NoHistory(`${other}s cannot be read: ENOENT`))
  })
})
