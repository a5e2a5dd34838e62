import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type LmdbStore, openLmdbStore } from '../../src/store/lmdb/open.ts'
import { milliseconds } from '../../src/time.ts'
import { EXPIRY, newAccountId, newPair, READ, START } from '../contract/samples.ts'
import { later } from '../support/time.ts'
import { readKeys } from './lmdb-raw.ts'

const MINUTE = 60_000
const DECADE = 3650 * 24 * 60 * MINUTE
const DAY = 24 * 60 * MINUTE

let folder: string
let wall = START
let uptime = milliseconds(DAY)
const warnings: string[] = []
let sweeps = 0

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  folder = mkdtempSync(join(tmpdir(), 'emberlink-clock-'))
  wall = START
  uptime = milliseconds(DAY)
  warnings.length = 0
  sweeps = 0
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

describe('F32: an embedded store whose wall clock jumps', () => {
  it('deletes nothing during a step of ten years, and has every secret once the step is taken back', async () => {
    const store = await openProven()
    const pair = await created(store)
    step(DECADE)
    await pass(1)
    await pass(1)
    step(-DECADE)
    expect(await pairs()).toEqual([pair.id])
    expect(await store.secrets.claim(pair.id, READ, wall)).toMatchObject({ kind: 'claimed' })
    expect(await store.ready()).toEqual({ warnings: [] })
  })

  it('calls no secret unknown or expired meanwhile, and creates none that would outlive the step', async () => {
    const store = await openProven()
    const pair = await created(store)
    step(DECADE)
    const { secrets } = store
    for (const refused of [
      secrets.peek(pair.id, wall),
      secrets.claim(pair.id, READ, wall),
      secrets.take(pair.id, 'burned', wall),
      secrets.settle(pair.id, 'sender', wall),
      secrets.setMemo(pair.id, undefined, wall),
      secrets.create(newPair(), wall),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'store_unavailable' })
      await expect(refused).rejects.toHaveProperty(
        'detail.cause.message',
        expect.stringMatching(/^clock_skew: the clock of this server has jumped 315360000 s ahead: /),
      )
    }
    step(-DECADE)
    expect(await secrets.settle(pair.id, 'observer', wall)).toEqual(pair.receipt)
  })

  it.each([
    [31, 'ahead', -31],
    [-31, 'back', 31],
  ])('is not ready after a step of %i s, which it reports once', async (seconds, direction, clockSkew) => {
    const store = await openProven()
    step(seconds * 1000)
    const warning = expect.stringMatching(
      `^the clock of this server has jumped 31 s ${direction}: synchronize it; a time that it keeps for 10 minutes`,
    )
    const unfit = expect.stringMatching(`^clock_skew: the clock of this server has jumped 31 s ${direction}`)
    expect(await store.ready()).toEqual({ unfit, clockSkew, warnings: [warning] })
    expect(await store.warnings()).toEqual(expect.arrayContaining([warning]))
    await pass(2)
    expect(warnings).toEqual([warning])
  })

  it.each([29, -29, 3, -3])('is ready after a step of %i s, with a warning', async (seconds) => {
    const store = await openProven()
    step(seconds * 1000)
    expect(await store.ready()).toEqual({ clockSkew: -seconds, warnings: [expect.any(String)] })
    expect(warnings).toHaveLength(1)
  })

  it.each([0, 2, -2])('takes no notice of a step of %i s', async (seconds) => {
    const store = await openProven()
    step(seconds * 1000)
    expect(await store.ready()).toEqual({ warnings: [] })
    expect(warnings).toEqual([])
  })

  it.each([DECADE, -DAY])('accepts a step of %i ms that has lasted ten minutes', async (ms) => {
    const store = await openProven()
    step(ms)
    await pass(9)
    expect(await store.ready()).toHaveProperty('unfit')
    await pass(2)
    expect(await store.ready()).toEqual({ warnings: [] })
    const pair = await created(store)
    expect(await store.secrets.claim(pair.id, READ, wall)).toMatchObject({ kind: 'claimed' })
  })

  it('does not add up small steps over days', async () => {
    const store = await openProven()
    for (let day = 0; day < 17; day += 1) {
      step(1900)
      await pass(11)
    }
    expect(await store.ready()).toEqual({ warnings: [] })
    expect(warnings).toEqual([])
  })

  it('begins the ten minutes anew with another step', async () => {
    const store = await openProven()
    step(DAY)
    await pass(9)
    step(DAY)
    await pass(9)
    expect(await store.ready()).toHaveProperty('unfit')
  })

  it('takes no suspension of the machine for a jump', async () => {
    const store = await openProven()
    wall = later(wall, DAY)
    uptime = milliseconds(uptime + DAY)
    expect(await store.ready()).toEqual({ warnings: [] })
  })

  it('recognises a jump over a restart of the process', async () => {
    const store = await openProven()
    const pair = await created(store)
    await store.close()
    step(DECADE)
    uptime = milliseconds(uptime + 5000)
    const restarted = await open()
    expect(await restarted.ready()).toHaveProperty('unfit')
    await pass(2)
    expect(await pairs()).toEqual([pair.id])
    expect(warnings).toHaveLength(1)
  })

  it('deletes nothing in the first ten minutes after the machine was off, even if it calls it expired', async () => {
    const store = await openProven()
    const pair = await created(store)
    await store.close()
    step(DECADE)
    uptime = milliseconds(1000)
    const restarted = await open()
    expect(await restarted.secrets.peek(pair.id, wall)).toBeUndefined()
    const expiry = later(EXPIRY, pair.receipt.created - START)
    expect(await restarted.secrets.settle(pair.id, 'observer', expiry)).toMatchObject({ state: 'expired' })
    await pass(9)
    expect(await pairs()).toEqual([pair.id])
    const inTime = await restarted.secrets.settle(pair.id, 'observer', START)
    expect(inTime).toEqual(pair.receipt)
    await pass(2)
    expect(await pairs()).toEqual([])
  })

  it('is not ready when the machine comes back with a clock from before', async () => {
    const store = await openProven()
    await store.close()
    step(-DECADE)
    uptime = milliseconds(1000)
    const restarted = await open()
    expect(await restarted.ready()).toMatchObject({ unfit: expect.stringMatching(/jumped \d+ s back/) })
    await pass(11)
    expect(await restarted.ready()).toEqual({ warnings: [] })
  })

  it('keeps the recent list that a step would make too old', async () => {
    const store = await openProven()
    const id = newAccountId()
    const remember = (name: string, horizon: number) =>
      store.accounts.remember(
        id,
        { sealed: Buffer.from(name), created: START },
        { horizon: milliseconds(horizon), keep: 9 },
        wall,
      )
    await remember('first', START - DAY)
    step(DECADE)
    await remember('second', START + DAY)
    expect(await store.accounts.recent(id, milliseconds(0))).toHaveLength(2)
  })

  it('keeps nobody waiting for a rate limit window from before it was set back', async () => {
    const limit = { limit: 1, windowMs: milliseconds(MINUTE) }
    const store = await openProven()
    expect(await store.rates.take({ bucket: 'bucket', limit }, later(wall, DECADE))).toBe(0)
    expect(await store.rates.take({ bucket: 'bucket', limit }, wall)).toBe(0)
    expect(await store.rates.take({ bucket: 'bucket', limit }, wall)).toBe(60)
  })

  it('counts a request that is late by a moment in the window that a later one has begun', async () => {
    const limit = { limit: 1, windowMs: milliseconds(MINUTE) }
    const store = await openProven()
    expect(await store.rates.take({ bucket: 'bucket', limit }, wall)).toBe(0)
    expect(await store.rates.take({ bucket: 'bucket', limit }, later(wall, -5))).toBe(61)
  })
})

async function open(): Promise<LmdbStore> {
  const watcher = {
    onFault: (fault: Error) => expect.unreachable(String(fault)),
    onSweep: () => void sweeps++,
    onClockSkew: (warning: string) => void warnings.push(warning),
  }
  const store = await openLmdbStore(folder, { clock: () => wall, uptime: () => uptime, watcher })
  onTestFinished(() => store.close())
  return store
}

/** Opens a store whose clock has held its time for long enough. */
async function openProven(): Promise<LmdbStore> {
  const store = await open()
  await pass(11)
  await expect.poll(() => sweeps).toBeGreaterThan(0)
  return store
}

async function created(store: LmdbStore) {
  const pair = newPair({}, { created: wall, updated: wall })
  await store.secrets.create(pair, wall)
  return pair
}

function step(ms: number): void {
  wall = later(wall, ms)
  // What is known of readiness is shared for a second.
  vi.advanceTimersByTime(1001)
}

/** Lets minutes pass, with their sweeps. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    wall = later(wall, MINUTE)
    uptime = milliseconds(uptime + MINUTE)
    vi.advanceTimersByTime(MINUTE)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function pairs(): Promise<string[]> {
  return readKeys(join(folder, 'secrets.mdb'), 'pairs')
}
