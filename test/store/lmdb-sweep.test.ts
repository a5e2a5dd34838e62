import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ClaimRequest } from '../../src/secrets/store.ts'
import { type LmdbStore, openLmdbStore } from '../../src/store/lmdb/open.ts'
import { EXPIRY, METADATA_EXPIRY, newPair, READ, START, TTL } from '../contract/samples.ts'
import { readTable } from './lmdb-raw.ts'

const MINUTE = 60_000

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

it('deletes an expired ciphertext and keeps its metadata until that has expired too', async () => {
  const pair = newPair()
  await store.secrets.create(pair, START)
  await store.sweep(EXPIRY - 1)
  expect(await rows('pairs')).toEqual([
    { key: pair.id, value: { metadata: pair.metadata, secret: pair.secret } },
  ])
  await store.sweep(EXPIRY)
  const expired = { ...pair.metadata, state: 'expired', updated: EXPIRY }
  expect(await rows('pairs')).toEqual([{ key: pair.id, value: { metadata: expired } }])
  expect(await store.secrets.settle(pair.id, 'observer', EXPIRY - 1)).toStrictEqual(expired)
  await store.sweep(METADATA_EXPIRY - 1)
  expect(await rows('pairs')).toHaveLength(1)
  await store.sweep(METADATA_EXPIRY)
  expect(await rows('pairs')).toEqual([])
  expect(await rows('expiry')).toEqual([])
})

it('still says what became of a claimed secret until its metadata expires', async () => {
  const pair = newPair()
  await store.secrets.create(pair, START)
  await store.secrets.claim(pair.id, READ, START)
  await store.sweep(METADATA_EXPIRY - 1)
  expect(await store.secrets.settle(pair.id, 'observer', METADATA_EXPIRY - 1)).toMatchObject({
    state: 'received',
  })
  await store.sweep(METADATA_EXPIRY)
  expect(await rows('pairs')).toEqual([])
  expect(await rows('expiry')).toEqual([])
})

it('F14: leaves no ciphertext behind in a table after a claim, a take or a withdrawal', async () => {
  const [read, taken, withdrawn] = [newPair(), newPair({ protected: true }), newPair()]
  for (const pair of [read, taken, withdrawn]) await store.secrets.create(pair, START)
  await store.secrets.claim(read.id, READ, START)
  await store.secrets.take(taken.id, 'burned', START)
  await store.secrets.withdraw(withdrawn.id)
  const left = await rows('pairs')
  expect(left.map(({ key }) => key)).toEqual([read.id, taken.id].sort())
  for (const { value } of left) expect(value).not.toHaveProperty('secret')
})

it('forgets counted guesses when their windows are over, and not before', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const guess = {
    source: 'a',
    perNetwork: { limit: 1, windowMs: MINUTE },
    perSecret: { limit: 9, windowMs: 3 * MINUTE },
  }
  const request: ClaimRequest = { ...READ, guess }
  await store.secrets.claim(pair.id, request, START)
  await store.sweep(START + 3 * MINUTE - 1)
  expect(await rows('guesses')).toHaveLength(1)
  await store.sweep(START + 3 * MINUTE)
  expect(await rows('guesses')).toEqual([])
  expect(await store.secrets.peek(pair.id, START + 3 * MINUTE)).toEqual({ protected: true })
})

it('keeps counted guesses while any of their windows runs', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const budgets = {
    perNetwork: { limit: 1, windowMs: 3 * MINUTE },
    perSecret: { limit: 9, windowMs: MINUTE },
  }
  const guessAt = (source: string, now: number) =>
    store.secrets.claim(pair.id, { ...READ, attempt: { source, ...budgets } }, now)
  await guessAt('early', START)
  await guessAt('late', START + 2 * MINUTE)
  await store.sweep(START + 3 * MINUTE)
  expect(await guessAt('early', START + 3 * MINUTE)).toMatchObject({ kind: 'protected' })
  expect(await guessAt('late', START + 3 * MINUTE)).toEqual({ kind: 'locked', retryAfter: 120 })
})

it('forgets a source whose window is over as soon as another guess is counted', async () => {
  const pair = newPair({ protected: true })
  await store.secrets.create(pair, START)
  const budgets = {
    perNetwork: { limit: 9, windowMs: MINUTE },
    perSecret: { limit: 9, windowMs: 3 * MINUTE },
  }
  const guessAt = (source: string, now: number) =>
    store.secrets.claim(pair.id, { ...READ, attempt: { source, ...budgets } }, now)
  await guessAt('early', START)
  await guessAt('late', START + MINUTE)
  const [row] = await rows('guesses')
  expect(row?.value).toMatchObject({ all: { count: 2 }, bySource: { late: { count: 1 } } })
  expect(row?.value).not.toHaveProperty('bySource.early')
})

it('forgets a request budget when its window is over, and not one that has begun anew', async () => {
  const budget = { limit: 1, windowMs: MINUTE }
  await store.rates.take('over', budget, START)
  await store.rates.take('anew', budget, START)
  await store.rates.take('anew', budget, START + MINUTE)
  await store.sweep(START + MINUTE)
  expect((await rateRows('buckets')).map(({ key }) => key)).toEqual(['anew'])
  expect(await store.rates.take('anew', budget, START + MINUTE)).toBe(60)
  await store.sweep(START + 2 * MINUTE)
  expect(await rateRows('buckets')).toEqual([])
  expect(await rateRows('expiry')).toEqual([])
})

it('deletes recent entries that fell behind the horizon', async () => {
  const entry = { sealed: Buffer.from('sealed'), created: START }
  await store.accounts.remember('account', entry, START - MINUTE, 10, START)
  await store.sweep(START + MINUTE - 1)
  expect(await rows('recent')).toHaveLength(1)
  await store.sweep(START + MINUTE)
  expect(await rows('recent')).toEqual([])
  expect(await rows('recentExpiry')).toEqual([])
})

it('keeps an account that has no end', async () => {
  const record = { email: Buffer.from('sealed'), token: Buffer.alloc(32), created: START }
  await store.accounts.save('account', record)
  await store.sweep(METADATA_EXPIRY)
  expect(await store.accounts.find('account')).toStrictEqual(record)
})

it('deletes any number in batches, while claims go on', async () => {
  const old = Array.from({ length: 1300 }, () => newPair())
  const young = Array.from({ length: 100 }, () => newPair({}, { ttl: TTL * 4 }))
  await Promise.all([...old, ...young].map((pair) => store.secrets.create(pair, START)))
  const [claims] = await Promise.all([
    Promise.all(young.map(({ id }) => store.secrets.claim(id, READ, METADATA_EXPIRY))),
    store.sweep(METADATA_EXPIRY),
  ])
  expect(new Set(claims.map((claim) => claim.kind))).toEqual(new Set(['claimed']))
  expect((await rows('pairs')).map(({ key }) => key)).toEqual(young.map(({ id }) => id).sort())
})

it('sweeps by itself each minute, by the clock that it was given', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let now = START
  const clocked = await openLmdbStore(folder, { clock: () => now })
  try {
    await clocked.secrets.create(newPair(), START)
    vi.advanceTimersByTime(MINUTE)
    expect(await rows('pairs')).toHaveLength(1)
    now = METADATA_EXPIRY
    vi.advanceTimersByTime(MINUTE)
    await vi.waitFor(async () => expect(await rows('pairs')).toEqual([]))
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
