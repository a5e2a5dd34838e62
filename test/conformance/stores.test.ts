import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyCheck } from '../../src/conformance/checks/every.ts'
import { MAXIMUM_REQUESTS } from '../../src/conformance/runner.ts'
import { checkServer } from '../../src/conformance/session.ts'
import { startTestServer } from '../../src/testing.ts'
import { ANA, basic } from '../api/client.ts'
import { startRedis } from '../support/redis.ts'
import { startCluster, startSentinel } from '../support/redis-groups.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const HANG_MS = 60_000
const DECLARED = everyCheck.reduce((sum, { secrets }) => sum + secrets, 0)

type Store = Pick<Awaited<ReturnType<typeof startCluster>>, 'url' | 'stop'>

const STORES = ['the embedded store', 'Redis', 'Redis with Sentinel', 'Redis Cluster'] as const
let redis: readonly Store[]
beforeAll(async () => {
  redis = await Promise.all([startRedis(), startSentinel(), startCluster()])
})
afterAll(() => Promise.all(redis.map((store) => store.stop())))

describe('a server of this project', () => {
  it.each(STORES)('agrees with every section on %s, and keeps no secret of the run', async (name) => {
    const store = redis[STORES.indexOf(name) - 1]
    const server = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { RATE_LIMIT: 'off', ...(store && { REDIS_URL: store.url, ROOT_KEY }) },
    })
    try {
      const target = { base: new URL(server.url), account: ANA, timeoutMs: HANG_MS }
      const run = await checkServer(target, everyCheck)
      expect(run.results.filter(({ outcome }) => outcome !== 'agrees')).toEqual([])
      expect(run.results.filter(({ notes }) => notes.length > 0)).toEqual([])
      expect(run.results).toHaveLength(everyCheck.length)
      expect(run).toMatchObject({ created: DECLARED, left: 0 })
      expect(run.requests).toBeLessThan(MAXIMUM_REQUESTS)

      const recent = await fetch(`${server.url}/api/v2/receipt/recent`, { headers: basic() })
      expect(await recent.json()).toMatchObject({ details: { pending_receipts: [] } })
    } finally {
      await server.close()
    }
  })
})
