import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { Visitor } from './visitor.ts'

const GZIP = { 'Accept-Encoding': 'gzip, deflate, br, zstd' }
const OWN = { ...GZIP, 'Sec-Fetch-Site': 'same-origin' }
const VARY = 'accept-encoding, sec-fetch-site'

let server: TestServer
let ana: Visitor
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
  ana = new Visitor(server)
  await ana.fill('/signin', ANA)
})
afterAll(() => server.close())

describe('a page', () => {
  it.each(['same-origin', 'none'])('is compressed for Sec-Fetch-Site: %s', async (site) => {
    const plain = await ana.get('/api')
    const answer = await ana.get('/api', { ...GZIP, 'Sec-Fetch-Site': site })
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: VARY })
    expect(answer.text).toBe(plain.text)
    expect(answer.size).toBeLessThan(plain.size / 2)
  })

  it.each(['cross-site', 'same-site', 'same-origin, none', 'Same-Origin', ''])(
    'is not compressed for Sec-Fetch-Site: %j, because its size would tell another site what is in it',
    async (site) => {
      for (const path of ['/', '/recent?q=csrf_token', '/no/such/page', '/secret/csrf_token']) {
        const answer = await ana.get(path, { ...GZIP, 'Sec-Fetch-Site': site })
        expect(answer.headers, path).not.toHaveProperty('content-encoding')
        expect(answer.headers['vary'], path).toBe(VARY)
      }
      const form = await ana.get('/')
      const shown = await ana.submit(
        form,
        '/',
        { secret: 'shown again', ttl: 'x' },
        { ...GZIP, 'Sec-Fetch-Site': site },
      )
      expect(shown.status).toBeGreaterThanOrEqual(400)
      expect(shown.headers).not.toHaveProperty('content-encoding')
    },
  )

  it('is not compressed without Sec-Fetch-Site, which an old browser does not send', async () => {
    expect((await ana.get('/', GZIP)).headers).not.toHaveProperty('content-encoding')
  })

  it.each(['', 'identity', 'br', 'gzip;q=0', 'gzip;q=0.5, identity'])(
    'is not compressed for Accept-Encoding: %j',
    async (accepted) => {
      const answer = await ana.get('/', { ...OWN, 'Accept-Encoding': accepted })
      expect(answer.headers).not.toHaveProperty('content-encoding')
      expect(answer.headers['vary']).toBe(VARY)
    },
  )

  it('has the same headers for HEAD as for GET', async () => {
    const [get, head] = [await ana.get('/api', OWN), await ana.send('HEAD', '/api', OWN)]
    for (const name of ['content-encoding', 'content-length', 'content-type', 'vary']) {
      expect(head.headers[name], name).toBe(get.headers[name])
    }
    expect(head.text).toBe('')
  })

  it('is compressed if it reports an error, or is the only one with a secret', async () => {
    const missing = await ana.get('/no/such/page', OWN)
    expect(missing).toMatchObject({ status: 404, headers: { 'content-encoding': 'gzip' } })
    const again = await ana.submit(await ana.get('/'), '/', { secret: '' }, OWN)
    expect(again).toMatchObject({ status: 400, headers: { 'content-encoding': 'gzip' } })
    const { body } = await api(server).post('/share', { secret: 'only once' })
    const path = `/secret/${body.secret_key}`
    const revealed = await ana.submit(await ana.get(path, OWN), path, {}, OWN)
    expect(revealed.headers['content-encoding']).toBe('gzip')
    expect(revealed.text).toContain('>\nonly once</pre>')
  })
})

it('redirects, and responses of the API, do not depend on who caused the request', async () => {
  const redirect = await ana.get('/draft', OWN)
  expect(redirect.status).toBe(303)
  for (const { headers } of [redirect, await ana.get('/api/v1/status', OWN)]) {
    expect(headers).not.toHaveProperty('vary')
    expect(headers).not.toHaveProperty('content-encoding')
  }
})
