import { expect, it, onTestFinished } from 'vitest'
import { openRedisStore } from '../../src/store/redis/open.ts'
import { milliseconds } from '../../src/time.ts'
import { newPair, READ, START } from '../contract/samples.ts'
import { startRedis } from '../support/redis.ts'

const SLOTS = 16_384

it('creates and claims within a rate limit on a cluster that its address does not name, and tries one script for both only once', async () => {
  const redis = await startRedis({ 'cluster-enabled': 'yes' })
  onTestFinished(() => redis.stop())
  await redis.client.cluster('ADDSLOTS', ...Array.from({ length: SLOTS }, (_, slot) => slot))
  await expect.poll(() => redis.client.cluster('INFO')).toContain('cluster_state:ok')
  const store = await openRedisStore(redis.url)
  onTestFinished(() => store.close())
  const quota = { bucket: 'bucket', limit: { limit: 3, windowMs: milliseconds(60_000) } }
  const [first, second] = [newPair(), newPair()]
  const rejected = () => redis.client.info('errorstats')

  expect(await store.secrets.create(first, START, quota)).toBe(0)
  expect(await rejected()).toContain('CROSSSLOT')
  await redis.client.config('RESETSTAT')
  expect(await store.secrets.create(second, START, quota)).toBe(0)
  expect(await store.secrets.claim(first.id, READ, START, quota)).toMatchObject({ kind: 'claimed' })
  const limited = { kind: 'rate_limited', retryAfter: 60 }
  expect(await store.secrets.claim(second.id, READ, START, quota)).toEqual(limited)
  expect(await rejected()).not.toContain('CROSSSLOT')
  expect(await store.secrets.claim(second.id, READ, START)).toMatchObject({ kind: 'claimed' })
})
