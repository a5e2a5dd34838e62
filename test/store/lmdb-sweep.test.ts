import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RateLimit } from '../../src/limits/rates.ts'
import type { AliasId } from '../../src/secrets/alias-ids.ts'
import type { Attempt } from '../../src/secrets/attempts.ts'
import type { RecordId } from '../../src/secrets/keys.ts'
import type { ClaimRequest } from '../../src/secrets/store.ts'
import { type LmdbStore, openLmdbStore } from '../../src/store/lmdb/open.ts'
import { type Milliseconds, milliseconds, seconds } from '../../src/time.ts'
import {
  EXPIRY,
  newAccountId,
  newId,
  newPair,
  READ,
  RECEIPT_EXPIRY,
  START,
  TTL,
} from '../contract/samples.ts'
import { later } from '../support/time.ts'
import { readTable } from './lmdb-raw.ts'

const MINUTE = milliseconds(60_000)
const THREE_MINUTES = milliseconds(3 * MINUTE)

let folder: string
let store: LmdbStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-sweep-'))
  store = await openLmdbStore(folder)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

it('deletes an expired ciphertext and keeps its receipt until that has expired too', async () => {
  const pair = newPair()
  await store.secrets.create(pair, START)
  await store.sweep(later(EXPIRY, -1))
  // As in 0.1.0: without the origin of a given secret.
  const { origin, ...metadata } = pair.receipt
  expect(await rows('pairs')).toEqual([{ key: pair.id, value: { metadata, secret: pair.secret } }])
  await store.sweep(EXPIRY)
  const expired = { ...metadata, state: 'expired', updated: EXPIRY }
  expect(await rows('pairs')).toEqual([{ key: pair.id, value: { metadata: expired } }])
  expect(await store.secrets.settle(pair.id, 'observer', later(EXPIRY, -1))).toStrictEqual({
    ...expired,
    origin,
  })
  await store.sweep(later(RECEIPT_EXPIRY, -1))
  expect(await rows('pairs')).toHaveLength(1)
  await store.sweep(RECEIPT_EXPIRY)
  expect(await rows('pairs')).toEqual([])
  expect(await rows('expiry')).toEqual([])
})

it('deletes an alias once it has expired, unless another one has replaced it', async () => {
  const [id, other] = [newId(), newId()].map((text) => text.slice(3) as AliasId)
  if (id === undefined || other === undefined) throw new Error('no ids')
  const sealed = Buffer.alloc(80)
  await store.imports.addAlias({ id, sealed, expires: EXPIRY }, START)
  await store.imports.addAlias({ id: other, sealed, expires: EXPIRY }, START)
  await store.sweep(later(EXPIRY, -1))
  expect(await rows('aliases')).toHaveLength(2)
  const replaced = { id: other, sealed, expires: RECEIPT_EXPIRY }
  expect(await store.imports.addAlias(replaced, EXPIRY)).toBe(true)
  await store.sweep(EXPIRY)
  expect(await rows('aliases')).toEqual([{ key: other, value: { sealed, expires: RECEIPT_EXPIRY } }])
  await store.sweep(RECEIPT_EXPIRY)
  expect(await rows('aliases')).toEqual([])
  expect(await rows('aliasExpiry')).toEqual([])
})

it('keeps the receipt of a claimed secret until it expires', async () => {
  const pair = newPair()
  await store.secrets.create(pair, START)
  await store.secrets.claim(pair.id, READ, START)
  await store.sweep(later(RECEIPT_EXPIRY, -1))
  expect(await store.secrets.settle(pair.id, 'observer', later(RECEIPT_EXPIRY, -1))).toMatchObject({
    state: 'received',
  })
  await store.sweep(RECEIPT_EXPIRY)
  expect(await rows('pairs')).toEqual([])
  expect(await rows('expiry')).toEqual([])
})

it('F14: leaves no ciphertext in a table after a claim, a take or a withdrawal', async () => {
  const [read, taken, withdrawn] = [newPair(), newPair({ protected: true }), newPair()]
  for (const pair of [read, taken, withdrawn]) await store.secrets.create(pair, START)
  await store.secrets.claim(read.id, READ, START)
  await store.secrets.take(taken.id, 'burned', START)
  await store.secrets.withdraw(withdrawn.id)
  const left = await rows('pairs')
  expect(left.map(({ key }) => key)).toEqual([read.id, taken.id].sort())
  for (const { value } of left) expect(value).not.toHaveProperty('secret')
})

it.each([
  ['their windows end, after the secret expired', 60],
  ['the secret expires, after their windows ended', 180],
])('deletes counted attempts when %s, and not before', async (_, ttl) => {
  const pair = newPair({ protected: true }, { ttl: seconds(ttl) })
  await store.secrets.create(pair, START)
  const attempt: Attempt = {
    network: 'a',
    perNetwork: { limit: 1, windowMs: MINUTE },
    perSecret: { limit: 9, windowMs: milliseconds((240 - ttl) * 1000) },
    newcomerPause: milliseconds(60_000),
  }
  const request: ClaimRequest = { ...READ, attempt }
  await store.secrets.claim(pair.id, request, START)
  await store.sweep(later(START, 3 * MINUTE - 1))
  expect(await rows('guesses')).toHaveLength(1)
  await store.sweep(later(START, 3 * MINUTE))
  expect(await rows('guesses')).toEqual([])
})

it('keeps counted attempts while any of their windows runs', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const attemptFrom = attemptsAt(
    pair.id,
    { limit: 1, windowMs: THREE_MINUTES },
    { limit: 9, windowMs: MINUTE },
  )
  await attemptFrom('early', START)
  await attemptFrom('late', later(START, 2 * MINUTE))
  await store.sweep(later(START, 3 * MINUTE))
  expect(await attemptFrom('early', later(START, 3 * MINUTE))).toMatchObject({ kind: 'protected' })
  expect(await attemptFrom('late', later(START, 3 * MINUTE))).toEqual({ kind: 'locked', retryAfter: 120 })
})

it('forgets every client network once the windows of a secret have ended, and keeps their number', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const attemptFrom = attemptsAt(
    pair.id,
    { limit: 9, windowMs: MINUTE },
    { limit: 9, windowMs: THREE_MINUTES },
  )
  await attemptFrom('a', START)
  await store.sweep(later(START, 3 * MINUTE))
  const [row] = await rows('guesses')
  expect(row?.value).toMatchObject({ bySource: {}, total: 1 })
  expect(await store.secrets.countAttempts(pair.id)).toBe(1)
})

it('forgets a client network whose window has ended as soon as another attempt is counted', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const attemptFrom = attemptsAt(
    pair.id,
    { limit: 9, windowMs: MINUTE },
    { limit: 9, windowMs: THREE_MINUTES },
  )
  await attemptFrom('early', START)
  await attemptFrom('late', later(START, MINUTE))
  const [row] = await rows('guesses')
  expect(row?.value).toMatchObject({ all: { count: 2 }, bySource: { late: { count: 1 } } })
  expect(row?.value).not.toHaveProperty('bySource.early')
})

it('deletes a rate limit window that has ended, and not the next one of the same bucket', async () => {
  const limit = { limit: 1, windowMs: MINUTE }
  await store.rates.take({ bucket: 'ended', limit }, START)
  await store.rates.take({ bucket: 'anew', limit }, START)
  await store.rates.take({ bucket: 'anew', limit }, later(START, MINUTE))
  await store.sweep(later(START, MINUTE))
  expect((await rateRows('buckets')).map(({ key }) => key)).toEqual(['anew'])
  expect(await store.rates.take({ bucket: 'anew', limit }, later(START, MINUTE))).toBe(60)
  await store.sweep(later(START, 2 * MINUTE))
  expect(await rateRows('buckets')).toEqual([])
  expect(await rateRows('expiry')).toEqual([])
})

it('deletes recent entries that are older than the horizon', async () => {
  const entry = { sealed: Buffer.from('sealed'), created: START }
  await store.accounts.remember(newAccountId(), entry, { horizon: later(START, -MINUTE), keep: 10 }, START)
  await store.sweep(later(START, MINUTE - 1))
  expect(await rows('recent')).toHaveLength(1)
  await store.sweep(later(START, MINUTE))
  expect(await rows('recent')).toEqual([])
  expect(await rows('recentExpiry')).toEqual([])
})

it('deletes a session epoch once no session is left that it ended', async () => {
  const id = newAccountId()
  await store.accounts.raiseSessionEpoch(id, START, seconds(60))
  await store.sweep(later(START, MINUTE - 1))
  expect(await store.accounts.sessionEpoch(id)).toBe(START)
  await store.sweep(later(START, MINUTE))
  expect(await store.accounts.sessionEpoch(id)).toBe(0)
  expect(await rows('sessions')).toEqual([])
})

it('never deletes an account', async () => {
  const record = { email: Buffer.from('sealed'), token: Buffer.alloc(32), created: START }
  const id = newAccountId()
  await store.accounts.save(id, record, { among: [id], when: 'either' })
  await store.sweep(RECEIPT_EXPIRY)
  expect(await store.accounts.find(id)).toStrictEqual(record)
})

it('deletes any number of secrets in batches while others are claimed', async () => {
  const old = Array.from({ length: 1300 }, () => newPair())
  const young = Array.from({ length: 100 }, () => newPair({}, { ttl: seconds(TTL * 4) }))
  await Promise.all([...old, ...young].map((pair) => store.secrets.create(pair, START)))
  const [claims] = await Promise.all([
    Promise.all(young.map(({ id }) => store.secrets.claim(id, READ, RECEIPT_EXPIRY))),
    store.sweep(RECEIPT_EXPIRY),
  ])
  expect(new Set(claims.map((claim) => claim.kind))).toEqual(new Set(['claimed']))
  expect((await rows('pairs')).map(({ key }) => key)).toEqual(young.map(({ id }) => id).sort())
})

it('sweeps by itself each minute, by the clock that the store was given', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let now = START
  const clocked = await openLmdbStore(folder, { clock: () => now })
  try {
    await clocked.secrets.create(newPair(), START)
    vi.advanceTimersByTime(MINUTE)
    expect(await rows('pairs')).toHaveLength(1)
    now = RECEIPT_EXPIRY
    vi.advanceTimersByTime(MINUTE)
    await expect.poll(() => rows('pairs')).toEqual([])
  } finally {
    vi.useRealTimers()
    await clocked.close()
  }
})

it('begins no second sweep while one takes longer than a minute', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const onSweep = vi.fn()
  const watcher = { onSweep, onFault: vi.fn() }
  const clocked = await openLmdbStore(folder, { clock: () => RECEIPT_EXPIRY, watcher })
  try {
    const old = Array.from({ length: 150 }, () => newPair())
    await Promise.all(old.map((pair) => store.secrets.create(pair, START)))
    vi.advanceTimersByTime(3 * MINUTE)
    await expect.poll(() => onSweep.mock.calls.length).toBeGreaterThan(0)
    expect(onSweep.mock.calls[0]).toEqual([{ removed: old.length, seconds: expect.any(Number) }])
  } finally {
    vi.useRealTimers()
    await clocked.close()
  }
})

function rows(table: string) {
  return readTable(join(folder, 'secrets.mdb'), table)
}

function rateRows(table: string) {
  const [name] = readdirSync(folder).filter((file) => /^rates.*\.mdb$/.test(file))
  return readTable(join(folder, String(name)), table)
}

/** Returns a function by which client networks try to reveal a protected secret. */
function attemptsAt(id: RecordId, perNetwork: RateLimit, perSecret: RateLimit) {
  const limits = { perNetwork, perSecret, newcomerPause: MINUTE }
  return (network: string, now: Milliseconds) =>
    store.secrets.claim(id, { ...READ, attempt: { network, ...limits } }, now)
}
