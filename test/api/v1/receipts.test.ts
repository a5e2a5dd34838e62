import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, type Api, api, type Body, basic, rejection, unknownSecret } from '../client.ts'

const NAMES = ['/private', '/metadata', '/receipt']
const KEY = expect.stringMatching(/^[a-z0-9]{31}$/)
const DAY = 86_400

let server: TestServer
let anybody: Api
let ana: Api
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { SHARE_DOMAINS: 'links.example.com', RATE_LIMIT: DEFAULT_RATE_LIMITS },
  })
  anybody = api(server)
  ana = api(server, basic())
})
afterAll(() => server.close())

const now = () => Math.floor(server.clock.now() / 1000)
const share = async (params: Record<string, string> = {}, by = anybody) =>
  (await by.post('/share', { secret: 'a', ...params })).body
const view = async ({ metadata_key }: Body) => (await anybody.get(`/private/${metadata_key}`)).body

describe('docs/api/v1.md section 4: the Metadata object, field by field', () => {
  /** The metadata of an unread anonymous secret. */
  function unread(ttl: number): object {
    return {
      custid: 'anon',
      metadata_key: KEY,
      secret_key: KEY,
      ttl,
      metadata_ttl: 2 * ttl,
      secret_ttl: ttl,
      state: 'new',
      updated: now(),
      created: now(),
      recipient: [],
      passphrase_required: false,
    }
  }
  const gone = ({ secret_key: _key, secret_ttl: _ttl, share_domain: _domain, ...rest }: Body) => rest

  it('of a new secret, in the response that creates it', async () => {
    expect(await share({ ttl: '3600' })).toStrictEqual({ ...unread(3600), share_domain: '' })
    const created = (await anybody.post('/create', { secret: 'a' })).body
    expect(created).toStrictEqual({
      ...unread(7 * DAY),
      share_domain: '',
      identifier: created.metadata_key,
      secret_identifier: created.secret_key,
      has_passphrase: false,
      recipients: [],
      receipt_ttl: 14 * DAY,
      receipt_url: `${server.url}/receipt/${created.metadata_key}`,
      metadata_url: `${server.url}/receipt/${created.metadata_key}`,
    })
    expect((await anybody.post('/generate', { ttl: '60' })).body).toStrictEqual({
      ...unread(60),
      share_domain: '',
      value: expect.stringMatching(/^.{12}$/),
    })
  })

  it('of a secret that an account creates, with a passphrase, on a custom domain', async () => {
    const params = { share_domain: 'links.example.com', passphrase: 'b', recipient: 'foo@example.com' }
    const created = await share(params, ana)
    const expected = {
      ...unread(7 * DAY),
      custid: ANA.email,
      recipient: ['fo*****@e*****.com'],
      share_domain: 'links.example.com',
      passphrase_required: true,
    }
    expect(created).toStrictEqual(expected)
    expect(await view(created)).toStrictEqual(expected)
  })

  it('of an unread secret, as created, with a share_domain only if there is one', async () => {
    const { share_domain: _, ...created } = await share()
    expect(await view(created as Body)).toStrictEqual(created)
    expect(await view(created as Body)).toStrictEqual({ ...created, state: 'viewed' })
  })

  it('of a received secret, without key and remaining time, with the time of the reveal', async () => {
    const created = await share()
    server.clock.advance(10)
    await anybody.post(`/secret/${created.secret_key}`)
    server.clock.advance(10)
    expect(await view(created)).toStrictEqual({
      ...gone(created),
      metadata_ttl: 14 * DAY - 20,
      state: 'received',
      received: now() - 10,
      updated: now() - 10,
    })
  })

  it('of a burned secret, in the response to the burn and after it', async () => {
    const created = await share()
    server.clock.advance(5)
    const state = { ...gone(created), metadata_ttl: 14 * DAY - 5, state: 'burned', updated: now() }
    const burned = await anybody.post(`/private/${created.metadata_key}/burn`)
    expect(burned.body).toStrictEqual({ state, secret_shortkey: created.secret_key.slice(0, 6) })
    expect(await view(created)).toStrictEqual(state)
  })

  it('of an expired secret, until its receipt expires too', async () => {
    const created = await share({ ttl: '60' })
    server.clock.advance(59)
    expect(await view(created)).toMatchObject({ state: 'new', secret_ttl: 1, metadata_ttl: 61 })
    server.clock.advance(1)
    expect(await view(created)).toStrictEqual({
      ...gone(created),
      metadata_ttl: 60,
      state: 'expired',
      updated: now(),
    })
    expect(await anybody.post(`/secret/${created.secret_key}`)).toEqual(unknownSecret(created.secret_key))
    server.clock.advance(60)
    expect(await anybody.get(`/private/${created.metadata_key}`)).toEqual(unknownSecret(created.metadata_key))
  })

  it('never with the plaintext', async () => {
    const created = await share({ secret: 'the-plaintext', passphrase: 'the-passphrase' })
    const answers = [created, await view(created), await view(created)]
    await anybody.post(`/private/${created.metadata_key}/burn`, { passphrase: 'the-passphrase' })
    expect(JSON.stringify([...answers, await view(created)])).not.toMatch(/the-/)
  })
})

describe('docs/api/v1.md section 4: states', () => {
  it.each(NAMES)(
    'are new in the first response and viewed from the second on, under %s by GET or POST',
    async (name) => {
      for (const method of ['GET', 'POST']) {
        const { metadata_key } = await share()
        const state = async () => (await anybody.call(method, `${name}/${metadata_key}`)).body['state']
        expect([await state(), await state(), await state()]).toEqual(['new', 'viewed', 'viewed'])
      }
    },
  )

  it('of a generated secret are new in the response that creates it, and viewed after', async () => {
    const { body } = await anybody.post('/generate')
    expect([body['state'], (await view(body))['state']]).toEqual(['new', 'viewed'])
  })

  it('that are final do not change, neither by time nor by a further reveal or burn', async () => {
    const received = await share({ ttl: '120' })
    await anybody.post(`/secret/${received.secret_key}`)
    const burned = await share({ ttl: '120' })
    await anybody.post(`/private/${burned.metadata_key}/burn`)
    for (const [body, state] of [
      [received, 'received'],
      [burned, 'burned'],
    ] as const) {
      const rejected = await anybody.post(`/private/${body.metadata_key}/burn`)
      expect(rejected).toEqual(unknownSecret(body.metadata_key))
      expect(await anybody.post(`/secret/${body.secret_key}`)).toEqual(unknownSecret(body.secret_key))
      expect((await view(body))['state']).toBe(state)
    }
    server.clock.advance(121)
    expect((await view(received))['state']).toBe('received')
    expect((await view(burned))['state']).toBe('burned')
  })
})

describe('docs/api/v1.md sections 3 and 5: burn', () => {
  it.each(NAMES)(
    'under %s/:key/burn needs the passphrase, and a wrong or missing one costs nothing',
    async (name) => {
      const created = await share({ passphrase: 'b' })
      const burn = (passphrase?: string) =>
        anybody.post(`${name}/${created.metadata_key}/burn`, passphrase === undefined ? {} : { passphrase })
      expect(await burn()).toEqual(rejection(400, 'Incorrect passphrase'))
      expect(await burn('c')).toEqual(rejection(400, 'Incorrect passphrase'))
      expect((await burn('b')).body['state']).toMatchObject({ state: 'burned' })
      expect(await burn('b')).toEqual(unknownSecret(created.metadata_key))
    },
  )
})

describe('docs/api/v1.md section 5, F6: malformed and unknown keys', () => {
  it.each([
    'unknown',
    '0123456789abcdefghijklmnopqrstu',
    '0123456789ABCDEFGHIJKLMNOPQRSTU',
    'a',
    '*',
    'a*bcdefghijklmnopqrstuvwxyz0123',
    'root.key',
    '..%2f..%2froot.key',
    '%00',
    '%7Bemberlink%7D',
    'constructor',
    '__proto__',
    'a'.repeat(1000),
  ])('answers Unknown secret for the key %s', async (path) => {
    const key = decodeURIComponent(path)
    expect(await anybody.post(`/secret/${path}`)).toEqual(unknownSecret(key))
    expect(await anybody.post(`/private/${path}/burn`)).toEqual(unknownSecret(key))
    expect(await anybody.get(`/private/${path}`)).toEqual(unknownSecret(key))
  })

  it('reveals nothing by a metadata key, and shows and burns nothing by a secret key', async () => {
    const { metadata_key, secret_key } = await share()
    expect(await anybody.post(`/secret/${metadata_key}`)).toEqual(unknownSecret(metadata_key))
    expect(await anybody.get(`/private/${secret_key}`)).toEqual(unknownSecret(secret_key))
    expect(await anybody.post(`/private/${secret_key}/burn`)).toEqual(unknownSecret(secret_key))
    expect((await anybody.post(`/secret/${secret_key}`)).body.value).toBe('a')
  })
})

describe('docs/api/v1.md section 3: recent', () => {
  it('the last 30 days of the account, newest first, without secret keys, are listed under each name', async () => {
    const own = await startTestServer({ accounts: { [ANA.email]: ANA.token } })
    onTestFinished(() => own.close())
    const owner = api(own, basic())
    const ttl = String(30 * DAY)
    const keys: string[] = []
    for (const secret of ['first', 'second', 'third']) {
      const params = { secret, ttl, recipient: 'foo@example.com' }
      keys.unshift((await owner.post('/share', params)).body.metadata_key)
      own.clock.advance(60)
    }
    const recent = async (name = '/private', method = 'GET') =>
      (await owner.call(method, `${name}/recent`)).body as unknown as Body[]
    for (const name of NAMES) {
      for (const method of ['GET', 'POST']) {
        expect((await recent(name, method)).map(({ metadata_key }) => metadata_key)).toEqual(keys)
      }
    }
    const [newest] = await recent()
    const shown = (await owner.get(`/private/${keys[0]}`)).body
    const { secret_key: _, ...expected } = shown
    expect(shown['state']).toBe('new')
    expect(newest).toStrictEqual(expected)

    own.clock.advance(30 * DAY - 120)
    expect((await recent()).map(({ metadata_key }) => metadata_key)).toEqual(keys.slice(0, 2))
  })
})
