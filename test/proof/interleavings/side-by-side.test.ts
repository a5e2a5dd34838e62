import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLmdbStore } from '../../../src/store/lmdb/open.ts'
import { openRedisStore } from '../../../src/store/redis/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { Memory, openMemoryStore } from '../../contract/memory.ts'
import { startRedis } from '../../support/redis.ts'
import { drawCalls } from './draw-calls.ts'
import { drawInterleaving } from './draw-interleaving.ts'
import { createSamples, SENDER, START } from './sample.ts'
import { unspecified } from './specified.ts'
import { answersOf, type History, renamed } from './store-calls.ts'

const DRAWN = 80
const INTERLEAVINGS = 30
const SEED = process.env['INTERLEAVINGS_SEED'] ?? String(Date.now() % 1_000_000)

describe('the same calls of a store in memory, on LMDB and on Redis', () => {
  const closing: (() => Promise<unknown>)[] = []
  const stores = new Map<string, Store>()
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emberlink-proof-'))
    const redis = await startRedis()
    closing.push(
      () => redis.stop(),
      async () => rmSync(folder, { recursive: true }),
    )
    stores.set('memory', openMemoryStore(new Memory()))
    // Its own clock stands still, so that it sweeps nothing.
    stores.set('lmdb', await openLmdbStore(folder, { clock: () => START }))
    stores.set('redis', await openRedisStore(redis.url))
  })
  afterAll(async () => {
    for (const store of stores.values()) await store.close()
    for (const close of closing) await close()
  })

  it(`get the same answers in ${DRAWN} drawn histories, which the specification allows`, async () => {
    const seeds = Array.from({ length: DRAWN }, (_, index) => `${SEED}/${index}`)
    const histories = new Map(seeds.map((seed) => [seed, drawCalls(seed)]))
    const answers = await expectSame(histories)
    for (const [seed, history] of histories) {
      expect(unspecified(history, answers.get(seed) ?? []), `seed ${seed}`).toEqual([])
    }
  })

  it(`get the same answers in the histories of ${INTERLEAVINGS} drawn interleavings`, async () => {
    const samples = await createSamples()
    const seeds = Array.from({ length: INTERLEAVINGS }, (_, index) => `${SEED}/${index}`)
    const histories = new Map<string, History>()
    for (const seed of seeds) {
      const world = await drawInterleaving(seed, samples)
      // A request that was under way while time moved carries the time before. To LMDB, that is a clock that was set back, after
      // which it begins its rate limits anew.
      if (world.ticks > 0 && world.scenario.limit !== undefined) continue
      const { id, ...pair } = samples[world.scenario.secret].pair
      const created = { name: 'secrets.create', args: [{ id, ...pair }, START] }
      const calls = world.calls.filter(({ name }) => name !== 'hash')
      const isCreatedMeanwhile = world.initial === undefined
      const names = { records: [id], accounts: SENDER.ids, buckets: ['all'] }
      histories.set(seed, renamed(isCreatedMeanwhile ? calls : [created, ...calls], names))
    }
    await expectSame(histories)
  })

  /** Lets every store answer the same histories, all of them at once. @returns The answers to each, by its seed. */
  async function expectSame(histories: ReadonlyMap<string, History>): Promise<Map<string, unknown[]>> {
    const [inMemory = new Map(), ...others] = await Promise.all(
      [...stores.values()].map(async (store) => {
        const answers = [...histories].map(
          async ([seed, history]) => [seed, await answersOf(store, history)] as const,
        )
        return new Map(await Promise.all(answers))
      }),
    )
    for (const [seed, expected] of inMemory) {
      for (const answers of others) expect(answers.get(seed), `seed ${seed}`).toStrictEqual(expected)
    }
    return inMemory
  }
})
