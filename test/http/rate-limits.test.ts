import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, basic, failure, unknownSecret } from '../api/client.ts'
import { type PageAnswer, Visitor } from '../web/visitor.ts'
import { Connection } from '../wire/connection.ts'

const LIMITED = failure(429, 'Apologies dear citizen! You have been rate limited.')
const SMALL = 'create=2/600,reveal=2/600,account-create=3/600,account-reveal=3/600'

async function start(settings: Record<string, string>): Promise<TestServer> {
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
  })
  onTestFinished(() => server.close())
  return server
}

/** Makes a caller behind a proxy that forwards this address. */
const from = (server: TestServer, forwarded: string) => api(server, { 'x-forwarded-for': forwarded })

/** Returns how many secrets the callers could create, one after the other. */
async function created(...callers: readonly Api[]): Promise<number> {
  let count = 0
  for (const caller of callers) {
    if ((await caller.post('/share', { secret: 'a' })).status === 200) count += 1
  }
  return count
}

describe('docs/api/v1.md section 5, F15: rate limits', () => {
  it('counts every way to create together, and accepts a rejected caller again after Retry-After', async () => {
    const server = await start({ RATE_LIMIT: SMALL })
    const caller = api(server)
    await caller.post('/share', { secret: 'a' })
    server.clock.advance(100)
    await caller.post('/generate')
    for (const path of ['/share', '/create', '/generate']) {
      expect(await caller.post(path, { secret: 'a' })).toEqual({ ...LIMITED, retryAfter: 500 })
    }
    server.clock.advance(499)
    expect(await caller.post('/share', { secret: 'a' })).toEqual({ ...LIMITED, retryAfter: 1 })
    server.clock.advance(1)
    expect((await caller.post('/share', { secret: 'a' })).status).toBe(200)
  })

  it('counts reveals and burns together, loses no secret to a 429, and does not count reading metadata', async () => {
    const server = await start({ RATE_LIMIT: SMALL })
    const caller = api(server)
    const { body: first } = await caller.post('/share', { secret: 'a' })
    const { body: second } = await caller.post('/share', { secret: 'b' })
    await caller.post('/secret/unknown')
    expect((await caller.post(`/private/${first.metadata_key}/burn`)).status).toBe(200)
    for (const path of [`/secret/${second.secret_key}`, `/private/${second.metadata_key}/burn`]) {
      expect(await caller.post(path)).toEqual({ ...LIMITED, retryAfter: 600 })
    }
    expect((await caller.get(`/private/${second.metadata_key}`)).body['state']).toBe('new')
    expect((await caller.get('/status')).status).toBe(200)
    server.clock.advance(600)
    expect((await caller.post(`/secret/${second.secret_key}`)).body.value).toBe('b')
  })

  it('counts requests that fail before they reach the store, and rejects those beyond the limit for that alone', async () => {
    const server = await start({ RATE_LIMIT: SMALL })
    const caller = api(server)
    const { body } = await api(server, basic()).post('/share', { secret: 'a' })
    const creates = [{}, { secret: 'a', share_domain: 'unknown.example' }]
    for (const params of creates) expect((await caller.post('/share', params)).intended).toBe(400)
    for (const params of [...creates, { secret: 'a' }, { secret: 'a', passphrase: 'b' }])
      expect(await caller.post('/share', params)).toEqual({ ...LIMITED, retryAfter: 600 })
    for (const key of ['short', 'x'.repeat(31)])
      expect(await caller.post(`/secret/${key}`)).toEqual(unknownSecret(key))
    for (const key of ['short', 'x'.repeat(31), body.secret_key])
      expect(await caller.post(`/secret/${key}`)).toEqual({ ...LIMITED, retryAfter: 600 })
    server.clock.advance(600)
    expect((await caller.post(`/secret/${body.secret_key}`)).body.value).toBe('a')
  })

  it('counts no body as unreadable beyond the limit on creating', async () => {
    const server = await start({ RATE_LIMIT: 'create=1/600,unreadable-body=1/6000' })
    const send = async () => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${server.url}/api/v1/share`, { method: 'POST', headers, body: '{' })
      return [answer.headers.get('x-ots-intended-status'), answer.headers.get('retry-after')]
    }
    expect(await created(api(server))).toBe(1)
    expect(await send()).toEqual([null, '600'])
    server.clock.advance(600)
    expect(await send()).toEqual(['400', null])
    server.clock.advance(600)
    expect(await send()).toEqual([null, '5400'])
  })

  it.each(['create', 'reveal'])(
    'rejects a caller beyond the limit to %s on every route, and changes nothing',
    async (what) => {
      const server = await start({ RATE_LIMIT: 'create=1/600,reveal=1/600' })
      const ana = api(server, basic())
      const { body } = await ana.post('/share', { secret: 'a', passphrase: 'b' })
      await ana.post(`/secret/${body.secret_key}`, { passphrase: 'c' })
      const before = (await ana.get(`/private/${body.metadata_key}`)).body
      const visitor = new Visitor(server)
      const sender = await visitor.get('/')
      const recipient = await visitor.get(`/secret/${body.secret_key}`)
      const receipt = await visitor.get(`/private/${body.metadata_key}`)
      if (what === 'create') await api(server).post('/share', { secret: 'a' })
      else await api(server).post('/secret/unknown')

      const statuses: Record<string, number> = {}
      const send = async (path: string) => {
        const init = {
          method: 'POST',
          body: new URLSearchParams({ secret: 'a', passphrase: 'b', continue: 'true' }),
        }
        statuses[path] = (await fetch(server.url + path, init)).status
      }
      const submit = async (page: PageAnswer, action: string, fields = {}) => {
        statuses[action] = (await visitor.submit(page, action, fields)).status
      }
      const { secret_key: secretKey, metadata_key: receiptKey } = body
      const v2 = ['v2', 'v3'].flatMap((version) => [`/api/${version}`, `/api/${version}/guest`])
      if (what === 'create') {
        for (const path of ['share', 'create', 'generate']) await send(`/api/v1/${path}`)
        for (const base of v2)
          for (const path of ['conceal', 'generate']) await send(`${base}/secret/${path}`)
        await submit(sender, '/', { secret: 'a' })
      } else {
        for (const path of ['private', 'metadata', 'receipt'])
          await send(`/api/v1/${path}/${receiptKey}/burn`)
        await send(`/api/v1/secret/${secretKey}`)
        for (const base of v2) await send(`${base}/secret/${secretKey}/reveal`)
        for (const base of v2) await send(`${base}/receipt/${receiptKey}/burn`)
        await submit(recipient, `/secret/${secretKey}`, { passphrase: 'b' })
        await submit(receipt, `/private/${receiptKey}/burn`, { passphrase: 'b' })
        await submit(receipt, `/private/${receiptKey}/attempts`)
      }
      expect(Object.keys(statuses).length).toBeGreaterThan(10)
      expect(statuses).toEqual(Object.fromEntries(Object.keys(statuses).map((path) => [path, 429])))
      expect((await ana.get(`/private/${receiptKey}`)).body).toEqual({ ...before, state: 'viewed' })
      const page = await visitor.get(`/private/${receiptKey}`)
      expect(page.text).toContain(`action="/private/${receiptKey}/attempts"`)
    },
  )

  it('counts all views of receipts together, on the pages too, and no reveal, burn or status among them', async () => {
    const server = await start({ RATE_LIMIT: 'receipt=6/600' })
    const caller = api(server)
    const { body } = await caller.post('/share', { secret: 'a' })
    for (const prefix of ['/private', '/metadata', '/receipt']) {
      expect((await caller.get(`${prefix}/${body.metadata_key}`)).status).toBe(200)
    }
    expect((await caller.post(`/private/${body.metadata_key}`)).status).toBe(200)
    expect((await caller.get(`/private/${'x'.repeat(31)}`)).status).toBe(404)
    expect((await fetch(`${server.url}/private/${body.metadata_key}`)).status).toBe(200)
    expect(await caller.get(`/receipt/${body.metadata_key}`)).toEqual({ ...LIMITED, retryAfter: 600 })
    const page = await fetch(`${server.url}/private/${body.metadata_key}`)
    expect([page.status, page.headers.get('retry-after')]).toEqual([429, '600'])
    expect((await caller.get('/status')).status).toBe(200)
    expect((await caller.post(`/secret/${body.secret_key}`)).body.value).toBe('a')
    server.clock.advance(600)
    expect((await caller.get(`/private/${body.metadata_key}`)).body['state']).toBe('received')
  })

  it('counts the receipts and recent lists that an account views apart from those of its client network', async () => {
    const server = await start({ RATE_LIMIT: 'receipt=1/600,account-receipt=2/600' })
    const ana = api(server, basic())
    const { body } = await ana.post('/share', { secret: 'a' })
    expect((await ana.get('/private/recent')).status).toBe(200)
    expect((await ana.get(`/private/${body.metadata_key}`)).status).toBe(200)
    expect(await ana.get('/private/recent')).toEqual({ ...LIMITED, retryAfter: 600 })
    expect((await api(server).get(`/private/${body.metadata_key}`)).status).toBe(200)
  })

  it('counts an account by itself, whatever its addresses, and not against its address', async () => {
    const server = await start({ RATE_LIMIT: SMALL, TRUST_PROXY: '1' })
    const ana = (forwarded: string) => api(server, { ...basic(), 'x-forwarded-for': forwarded })
    expect(await created(ana('192.0.2.1'), ana('192.0.2.2'), ana('192.0.2.3'), ana('192.0.2.4'))).toBe(3)
    expect(await created(...Array<Api>(3).fill(from(server, '192.0.2.1')))).toBe(2)
  })

  /** Reveals a secret that does not exist, so often, all at once. */
  async function reveals(server: TestServer, count: number): Promise<number[]> {
    const connection = await Connection.open(server.url)
    onTestFinished(() => connection.close())
    connection.write(`POST /api/v1/secret/x HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`.repeat(count))
    const statuses: number[] = []
    while (statuses.length < count) statuses.push((await connection.answer()).status)
    return statuses
  }

  it('counts signing in by itself, and by the client network alone', async () => {
    const server = await start({ RATE_LIMIT: 'sign-in=2/600,reveal=1/600,account-reveal=1/600' })
    const visitor = new Visitor(server)
    const signIn = (token: string) => visitor.fill('/signin', { email: ANA.email, token })
    const page = await visitor.get('/signin')
    expect((await signIn(ANA.token)).status).toBe(303)
    expect((await visitor.submit(page, '/signin', { token: 'wrong' })).status).toBe(401)
    expect(await visitor.submit(page, '/signin', { token: 'wrong' })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '600' },
    })
    const { body } = await api(server).post('/share', { secret: 'a' })
    expect((await api(server).post(`/secret/${body.secret_key}`)).status).toBe(200)
  })

  it('counts no form that another site sent, or whose CSRF token is invalid', async () => {
    const server = await start({ RATE_LIMIT: 'create=1/600' })
    const visitor = new Visitor(server)
    for (const headers of [{ Origin: 'https://evil.example' }, {}]) {
      expect((await visitor.post('/', { secret: 'a' }, headers)).status).toBe(403)
    }
    expect((await visitor.fill('/', { secret: 'a' })).status).toBe(303)
    expect((await visitor.fill('/', { secret: 'a' })).status).toBe(429)
  })

  it('counts nothing when RATE_LIMIT is off', async () => {
    const statuses = await reveals(await start({ RATE_LIMIT: 'off' }), 1050)
    expect(new Set(statuses)).toEqual(new Set([404]))
  })

  it('accepts 1,000 in 20 minutes by default, counted exactly also when they come at once', async () => {
    const statuses = await reveals(await start({}), 1050)
    expect(statuses.filter((status) => status === 404)).toHaveLength(1000)
    expect(statuses.filter((status) => status === 429)).toHaveLength(50)
  })
})

describe('F9: who is counted together', () => {
  /** Settings of TRUST_PROXY, the forwarded addresses in turn, and how many different callers they count as. */
  const cases: [string, readonly string[], number][] = [
    ['0', ['192.0.2.1', '192.0.2.2', '192.0.2.3'], 1],
    ['1', ['192.0.2.1', '192.0.2.2', '192.0.2.3'], 3],
    ['1', ['6.6.6.1, 192.0.2.1', '6.6.6.2, 192.0.2.1', '192.0.2.1'], 1],
    ['2', ['192.0.2.1, 10.0.0.1', '192.0.2.1, 10.0.0.2', '6.6.6.6, 192.0.2.1, 10.0.0.3'], 1],
    ['2', ['192.0.2.1, 10.0.0.1', '192.0.2.2, 10.0.0.1'], 2],
    ['10.0.0.0/8', ['192.0.2.1', '192.0.2.2'], 1],
    [
      '127.0.0.1,10.0.0.0/8',
      ['192.0.2.1, 10.1.2.3', '6.6.6.6, 192.0.2.1, 10.9.9.9, 10.1.1.1', '192.0.2.1'],
      1,
    ],
    ['127.0.0.1,10.0.0.0/8', ['192.0.2.1, 10.1.2.3', '192.0.2.2, 10.1.2.3', '10.0.0.1, 192.0.2.3'], 3],
    ['1', ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002::1'], 1],
    ['1', ['2001:db8:1:2::1', '2001:db8:1:3::1', '2001:db8:2:2::1'], 3],
    ['1', ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'], 1],
    ['1', ['fe80::1%eth0', 'fe80::2'], 1],
    ['1', ['unknown', 'unknown'], 1],
  ]
  it.each(cases)('TRUST_PROXY=%s counts %j as %i callers', async (trust, forwarded, different) => {
    const server = await start({ TRUST_PROXY: trust, RATE_LIMIT: 'create=1/600' })
    expect(await created(...forwarded.map((one) => from(server, one)))).toBe(different)
  })

  it('makes no links on a host that only an untrusted X-Forwarded-Host names', async () => {
    const server = await start({ SHARE_DOMAINS: 'links.example.com' })
    const headers = { 'x-forwarded-host': 'links.example.com' }
    const { body } = await api(server, headers).post('/share', { secret: 'a' })
    expect(body['share_domain']).toBe('')
  })
})

describe('wrong passphrases, F10: lock out the client network that tries them, not the recipient', () => {
  const protectedSecret = async (server: TestServer) =>
    (await api(server).post('/share', { secret: 'a', passphrase: 'b' })).body

  it('rejects a client network after 5 attempts in 10 minutes, even with the right one, and no other network', async () => {
    const server = await start({ TRUST_PROXY: '1' })
    const { secret_key } = await protectedSecret(server)
    const attempt = (by: Api, passphrase: string) => by.post(`/secret/${secret_key}`, { passphrase })
    const attacker = from(server, '192.0.2.1')
    for (let i = 0; i < 4; i += 1) expect(await attempt(attacker, 'c')).toEqual(unknownSecret(secret_key))
    server.clock.advance(60)
    expect(await attempt(attacker, 'c')).toEqual(unknownSecret(secret_key))
    expect(await attempt(attacker, 'b')).toEqual({ ...LIMITED, retryAfter: 540 })
    expect(await attempt(from(server, '192.0.2.1, 192.0.2.1'), 'b')).toMatchObject({ status: 429 })
    expect(await attempt(attacker, '')).toEqual(unknownSecret(secret_key))
    expect((await attempt(from(server, '192.0.2.2'), 'b')).body.value).toBe('a')
  })

  it('locks one secret only, and for a time only', async () => {
    const server = await start({})
    const [locked, other] = [await protectedSecret(server), await protectedSecret(server)]
    const caller = api(server)
    const attempt = (key: string, passphrase: string) => caller.post(`/secret/${key}`, { passphrase })
    for (let i = 0; i < 5; i += 1) await attempt(locked.secret_key, 'c')
    expect((await attempt(locked.secret_key, 'b')).status).toBe(429)
    expect((await attempt(other.secret_key, 'b')).body.value).toBe('a')
    server.clock.advance(600)
    expect((await attempt(locked.secret_key, 'b')).body.value).toBe('a')
  })

  it('accepts one attempt a minute from new networks after 20 attempts in 30 minutes, and lets the sender burn', async () => {
    const server = await start({ TRUST_PROXY: '1' })
    const { secret_key, metadata_key } = await protectedSecret(server)
    const attempt = (index: number, passphrase: string) =>
      from(server, `192.0.2.${index}`).post(`/secret/${secret_key}`, { passphrase })
    for (let i = 0; i < 20; i += 1) expect((await attempt(i, 'c')).status).toBe(404)
    expect(await attempt(0, 'b')).toEqual({ ...LIMITED, retryAfter: 1800 })
    expect((await attempt(98, 'c')).status).toBe(404)
    expect(await attempt(99, 'b')).toEqual({ ...LIMITED, retryAfter: 60 })
    const sender = from(server, '192.0.2.0')
    expect((await sender.post(`/private/${metadata_key}/burn`, { passphrase: 'c' })).intended).toBe(400)
    server.clock.advance(60)
    expect((await attempt(99, 'b')).body.value).toBe('a')
  })

  it('counts the /48 of an IPv6 address as one network, so that its holder locks no one else out', async () => {
    const server = await start({ TRUST_PROXY: '1' })
    const { secret_key } = await protectedSecret(server)
    const attempt = (address: string, passphrase: string) =>
      from(server, address).post(`/secret/${secret_key}`, { passphrase })
    for (let i = 0; i < 5; i += 1) expect((await attempt(`2001:db8:1:${i}::1`, 'c')).status).toBe(404)
    for (let i = 5; i < 25; i += 1) expect((await attempt(`2001:db8:1:${i}::1`, 'c')).status).toBe(429)
    expect((await attempt('2001:db8:2::1', 'b')).body.value).toBe('a')
  })
})
