import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_VERSIONS, openApi } from '../../src/http/openapi.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'
import { ANA, api, basic } from './client.ts'
import { ana, type Keys } from './v2/client.ts'

const QUERY = '?continue=true&passphrase=tulip&secret=a&secret[secret]=a'

let redis: RedisServer
let server: TestServer
beforeAll(async () => {
  redis = await startRedis()
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { REDIS_URL: redis.url, ROOT_KEY, RATE_LIMIT: 'off' },
  })
})
afterAll(async () => {
  await server.close()
  await redis.stop()
})

/** Returns every record in the store, byte for byte, with the time at which it expires. */
async function everything(): Promise<Record<string, string>> {
  const keys = await redis.client.keys('*')
  const records = await Promise.all(
    keys.map(async (key) => {
      const [value, expiry] = [await redis.client.dumpBuffer(key), await redis.client.pexpiretime(key)]
      return [key, `${value.toString('hex')} until ${expiry}`] as const
    }),
  )
  return Object.fromEntries(records.sort())
}

/** Returns every path of every version, and of the pages, that can name a secret. */
function pathsFor({ secretKey, receiptKey }: Keys): string[] {
  const described = API_VERSIONS.flatMap((version) =>
    Object.keys(openApi[version].paths).flatMap((path) => {
      const [secret, receipt] = [path.replace('{key}', secretKey), path.replace('{key}', receiptKey)]
      return [secret, receipt].map(
        (each) =>
          `/api/${version}${each.replace('{secretKey}', secretKey).replace('{receiptKey}', receiptKey)}`,
      )
    }),
  )
  const aliases = [
    `/api/v1/metadata/${receiptKey}`,
    `/api/v2/private/${receiptKey}`,
    '/api/v2/private/recent',
  ]
  const pages = [
    '',
    `/secret/${secretKey}`,
    `/private/${receiptKey}`,
    `/receipt/${receiptKey}/burn`,
    '/recent',
  ]
  return [...new Set([...described, ...aliases, ...pages])]
}

/** Whether v1 or a page reports the state `viewed` from the next call on: the one effect of a GET, by contract. */
const marksAsViewed = (path: string) =>
  /^\/(api\/v1\/(private|metadata|receipt)|private)\/[a-z0-9]{31}$/.test(path)

describe('F46: GET, HEAD and OPTIONS', () => {
  it('change nothing in the store, on any path of any version, whatever they say', async () => {
    const owner = ana(server, 'v2')
    const secrets = [await owner.conceal(), await owner.conceal({ passphrase: 'tulip' })]
    const paths = secrets.flatMap(pathsFor)
    expect(paths.length).toBeGreaterThan(100)
    const before = await everything()
    expect(Object.keys(before).length).toBeGreaterThan(4)

    const statuses = new Set<number>()
    for (const method of ['OPTIONS', 'HEAD', 'GET']) {
      for (const path of paths) {
        if (method === 'GET' && marksAsViewed(path)) continue
        for (const headers of [{}, basic()]) {
          const response = await fetch(server.url + path + QUERY, { method, headers, redirect: 'manual' })
          statuses.add(response.status)
          expect(response.status, `${method} ${path}`).toBeLessThan(500)
          expect(await response.text(), `${method} ${path}`).not.toContain('hunter2')
        }
      }
      expect(await everything(), method).toEqual(before)
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200, 204, 404]))
  })

  it('change nothing but the state viewed, where v1 and the receipt page say so, and that only once', async () => {
    const keys = await ana(server, 'v3').conceal()
    await api(server).get(`/private/${keys.receiptKey}`)
    const before = await everything()
    const paths = pathsFor(keys).filter((path) => marksAsViewed(path) && path.includes(keys.receiptKey))
    expect(paths).toHaveLength(4)
    for (const path of paths) expect((await fetch(server.url + path)).status, path).toBe(200)
    expect(await everything()).toEqual(before)
  })
})
