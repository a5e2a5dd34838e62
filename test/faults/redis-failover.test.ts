import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { api, failure, unknownSecret } from '../api/client.ts'
import { patiently } from '../support/recovery.ts'
import { type RedisGroup, startReplicatedCluster, startSentinel } from '../support/redis-groups.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const SECRETS = 24
const UNAVAILABLE = { ...failure(503, 'The service is not available at the moment'), retryAfter: 5 }
const MISSING = { status: 503, body: { status: 'unavailable', reason: 'too_few_replicas' } }

describe.each([
  ['Sentinel', startSentinel],
  ['a Cluster', startReplicatedCluster],
])('a server on %s that has lost its master for a while', (_, startGroup) => {
  let group: RedisGroup
  afterEach(() => group.stop())

  it('changes nothing and shows receipts until the old master is back as a replica, and then works by itself', async () => {
    group = await startGroup()
    const server = await startTestServer({
      settings: { REDIS_URL: group.url, ROOT_KEY, RATE_LIMIT: DEFAULT_RATE_LIMITS },
    })
    onTestFinished(() => server.close())
    const { get, post } = api(server)
    const shared = await Promise.all(
      Array.from(
        { length: SECRETS },
        async (_, index) => (await post('/share', { secret: `${index}` })).body,
      ),
    )
    const [master] = group.servers as [RedisGroup['servers'][0]]
    await master.kill()
    await expect.poll(() => readiness(server), { timeout: 30_000 }).toEqual(MISSING)

    const reveals = await Promise.all(shared.map(({ secret_key }) => post(`/secret/${secret_key}`)))
    const refused = shared.filter((_, index) => reveals[index]?.status === 503)
    expect(refused.length).toBeGreaterThan(0)
    for (const [index, answer] of reveals.entries()) {
      if (answer.status === 503) expect(answer).toEqual(UNAVAILABLE)
      else expect(answer.body.value).toBe(`${index}`)
    }
    // Twice, because the first view would mark it as viewed.
    for (const { metadata_key } of [...refused, ...refused]) {
      const receipt = await patiently(async () => {
        const answer = await get(`/private/${metadata_key}`)
        expect(answer.status).toBe(200)
        return answer.body
      })
      expect(receipt['state']).toBe('new')
    }
    const created = await Promise.all(shared.map(() => post('/share', { secret: 'late' })))
    expect(created).toContainEqual(UNAVAILABLE)
    expect(await readiness(server)).toEqual(MISSING)

    await master.start()
    await expect
      .poll(() => readiness(server), { timeout: 30_000 })
      .toEqual({ status: 200, body: { status: 'ready' } })
    expect(await master.client.role()).toContain('slave')
    for (const [index, { secret_key }] of shared.entries()) {
      const answer = await patiently(async () => {
        const got = await post(`/secret/${secret_key}`)
        expect(got.status).not.toBe(503)
        return got
      })
      if (reveals[index]?.status === 503) expect(answer.body.value).toBe(`${index}`)
      else expect(answer).toEqual(unknownSecret(secret_key))
    }
  })
})

async function readiness({ url }: TestServer) {
  const answer = await fetch(`${url}/health/ready`)
  return { status: answer.status, body: await answer.json() }
}
