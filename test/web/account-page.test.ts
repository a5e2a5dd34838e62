import { randomBytes } from 'node:crypto'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/manage.ts'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { loadConfig } from '../../src/config/load.ts'
import { openBackend } from '../../src/server/backend.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import type { Store } from '../../src/store/store.ts'
import { startTestServer } from '../../src/testing.ts'
import { type Milliseconds, milliseconds } from '../../src/time.ts'
import { ANA, api, basic } from '../api/client.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { type PageAnswer, tokenIn, Visitor } from './visitor.ts'

const HOUR_MS = 3_600_000

let redis: RedisServer
let store: Store
let servers: RunningServer[]
let now: Milliseconds
let create: (email: string) => Promise<string>
const audited: { readonly audit: string; readonly caller: string; readonly account: string }[] = []

/** Two servers before one Redis, with the accounts in it, and a third that has one more by its setting. */
beforeAll(async () => {
  redis = await startRedis()
  now = milliseconds(Date.now())
  const settings = { PORT: '0', REDIS_URL: redis.url, ROOT_KEY: randomBytes(32).toString('hex') }
  const config = loadConfig(settings, () => '')
  const logger = pino({ level: 'info' }, { write: (line: string) => void audited.push(JSON.parse(line)) })
  const configured = loadConfig({ ...settings, ACCOUNTS: `${ANA.email}:${ANA.token}` }, () => '')
  const start = (each: typeof config) => startServer(each, { logger, now: () => now })
  servers = [await start(config), await start(config), await start(configured)]
  const backend = await openBackend(config)
  store = backend.store
  create = async (email) =>
    (await createAccount({ store: store.accounts, ring: backend.ring, now: () => now }, email)) ?? ''
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await store.close()
  await redis.stop()
})

let email: string
let token: string
let accounts = 0
beforeEach(async () => {
  accounts += 1
  email = `user${accounts}@example.com`
  token = await create(email)
})

const server = (index: number) => servers[index] as RunningServer
const newest = (audit: string) => audited.findLast((line) => line.audit === audit)

async function signIn(index = 0, apiToken = token): Promise<Visitor> {
  const visitor = new Visitor(server(index))
  expect((await visitor.fill('/signin', { email, token: apiToken })).status).toBe(303)
  return visitor
}

/** Signs in the account of the third server's setting. */
async function signInAsAna(): Promise<Visitor> {
  const visitor = new Visitor(server(2))
  expect((await visitor.fill('/signin', ANA)).status).toBe(303)
  return visitor
}

/** Sends a form of the account page, and returns the page that follows. */
async function send(visitor: Visitor, action: string): Promise<PageAnswer> {
  const answer = await visitor.submit(await visitor.get('/account'), action)
  expect(answer).toMatchObject({ status: 303, location: '/account' })
  return visitor.get('/account')
}

/** Takes the cookies of a browser to another server. */
function at(index: number, visitor: Visitor): Visitor {
  return new Visitor(server(index)).bringing(visitor.cookies)
}

const isSignedIn = async (visitor: Visitor) => (await visitor.get('/account')).status === 200
const shownToken = ({ text }: PageAnswer) => /<code id="token" dir="ltr">([^<]*)</.exec(text)?.[1]

describe('the account page', () => {
  it('names the email address and the user name, and the navigation leads to it', async () => {
    const visitor = await signIn()
    expect((await visitor.get('/')).text).toContain('<a href="/account">Account</a>')
    const page = await visitor.get('/account')
    expect(page.heading).toBe('Your account')
    expect(page.text).toContain(email)
    expect(page.text).toContain(urNameOf(email))
    expect(page.text).not.toContain(token)
  })

  it('requires an account, and so do its forms', async () => {
    const visitor = await signIn()
    const page = await visitor.get('/account')
    visitor.cookies.delete('session')
    expect(await visitor.get('/account')).toMatchObject({ status: 401, heading: 'Sign in' })
    for (const action of ['/account/token', '/account/sessions']) {
      expect(await visitor.submit(page, action)).toMatchObject({ status: 401, heading: 'Sign in' })
      expect(await visitor.get(action)).toMatchObject({ status: 303, location: '/account' })
    }
    expect(await isSignedIn(await signIn())).toBe(true)
  })

  it('rejects its forms without the CSRF token of each', async () => {
    const visitor = await signIn()
    const page = await visitor.get('/account')
    const csrf_token = tokenIn(page, '/account/sessions')
    expect(csrf_token).toMatch(/^[\w-]{43}$/)
    for (const fields of [{}, { csrf_token }])
      expect((await visitor.post('/account/token', fields)).status).toBe(403)
    expect(await isSignedIn(await signIn())).toBe(true)
  })
})

describe('replacing the API token', () => {
  it('shows the new token once, which works at once, and the old one nowhere', async () => {
    const [visitor, other] = [await signIn(), await signIn(1)]
    const page = await send(visitor, '/account/token')
    const replaced = shownToken(page) ?? ''
    expect(replaced).toMatch(/^[a-z0-9]{40}$/)
    expect(replaced).not.toBe(token)
    expect(shownToken(await visitor.get('/account'))).toBeUndefined()
    expect(await isSignedIn(other)).toBe(false)
    for (const [credential, status] of [
      [token, 404],
      [replaced, 200],
    ] as const)
      expect((await api(server(1), basic(email, credential)).get('/authcheck')).status).toBe(status)
    expect(await isSignedIn(await signIn(1, replaced))).toBe(true)
  })

  it('does not show the token in answer to HEAD, which leaves it for the page', async () => {
    const visitor = await signIn()
    await visitor.submit(await visitor.get('/account'), '/account/token')
    expect((await visitor.send('HEAD', '/account')).status).toBe(200)
    expect(shownToken(await visitor.get('/account'))).toMatch(/^[a-z0-9]{40}$/)
  })

  it('shows no token to who brings along the notice of another account', async () => {
    const own = await signIn()
    await own.submit(await own.get('/account'), '/account/token')
    const visitor = await signInAsAna()
    const brought = at(2, own)
    brought.cookies.set('session', visitor.cookies.get('session') ?? '')
    const page = await brought.get('/account')
    expect(page.text).toContain(ANA.email)
    expect(page.text).not.toContain(ANA.token)
    expect(page.text).not.toContain('id="token"')
  })

  it('keeps the recent list, in its order', async () => {
    const visitor = await signIn()
    const locations = []
    for (const secret of ['a', 'b', 'c']) locations.unshift((await visitor.fill('/', { secret })).location)
    const listed = async () =>
      [...(await visitor.get('/recent')).text.matchAll(/<h2 id="e\d+"><a href="([^"]+)"/g)].map(
        ([, href]) => href,
      )
    expect(await listed()).toEqual(locations)
    await send(visitor, '/account/token')
    expect(await listed()).toEqual(locations)
  })

  it('writes a line to the audit log, as ending sessions does', async () => {
    const visitor = await signIn()
    await send(visitor, '/account/sessions')
    const ended = newest('sessions_ended')
    expect(ended).toMatchObject({ msg: 'account changed', way: 'page', account: ended?.caller })
    expect(ended?.account).toMatch(/^[\w-]{16}$/)
    await send(visitor, '/account/token')
    expect(newest('token_rotated')).toMatchObject({ account: ended?.account, caller: ended?.account })
  })
})

describe('signing out all other browsers', () => {
  it('ends every other session on every server, and leaves this one', async () => {
    const [visitor, same, other] = [await signIn(), await signIn(), await signIn(1)]
    expect(await isSignedIn(at(1, same))).toBe(true)
    const page = await send(visitor, '/account/sessions')
    expect(page.text).toContain('All other browsers are signed out.')
    expect((await visitor.get('/account')).text).not.toContain('All other browsers are signed out.')
    for (const [name, ended] of Object.entries({ same, other, elsewhere: at(1, same) }))
      expect(await isSignedIn(ended), name).toBe(false)
    expect(await isSignedIn(at(1, visitor))).toBe(true)
    expect(await isSignedIn(await signIn(1))).toBe(true)
    expect((await api(server(1), basic(email, token)).get('/authcheck')).status).toBe(200)
  })

  it('ends sessions that began in the same millisecond, and any number of times', async () => {
    const visitor = await signIn()
    for (let turn = 0; turn < 3; turn++) {
      const before = await signIn(1)
      await send(visitor, '/account/sessions')
      expect(await isSignedIn(before)).toBe(false)
      expect(await isSignedIn(visitor)).toBe(true)
    }
  })

  it('takes the session of a browser that comes back with an older cookie', async () => {
    const visitor = await signIn()
    const older = at(0, visitor)
    await send(visitor, '/account/sessions')
    expect(await isSignedIn(older)).toBe(false)
    expect(older.cookies.has('session')).toBe(false)
    now = milliseconds(now + 11 * HOUR_MS)
    expect(await isSignedIn(visitor)).toBe(true)
  })
})

it('both forms count against the rate limit of sign-ins', async () => {
  const small = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'sign-in=2/600' },
  })
  try {
    const visitor = new Visitor(small)
    await visitor.fill('/signin', ANA)
    const page = await visitor.get('/account')
    expect((await visitor.submit(page, '/account/sessions')).status).toBe(303)
    expect((await visitor.submit(page, '/account/sessions')).status).toBe(429)
  } finally {
    await small.close()
  }
})

describe('an account of the ACCOUNTS setting', () => {
  it('is told where its token is replaced, and can sign out other browsers', async () => {
    const [visitor, other] = [await signInAsAna(), await signInAsAna()]
    const page = await visitor.get('/account')
    expect(page.text).toContain('in the setting ACCOUNTS')
    expect(page.text).not.toContain('action="/account/token"')
    await send(visitor, '/account/sessions')
    expect(await isSignedIn(other)).toBe(false)
    expect(await isSignedIn(visitor)).toBe(true)
  })

  it('keeps its token, though it sends the form that another account got', async () => {
    const stored = await signIn()
    const page = await stored.get('/account')
    const visitor = at(2, stored)
    visitor.cookies.delete('session')
    await visitor.fill('/signin', ANA)
    const answer = await visitor.submit(page, '/account/token')
    expect(answer).toMatchObject({ status: 409, heading: 'Your account' })
    expect(answer.text).toContain('in the setting ACCOUNTS')
    expect((await api(server(2), basic()).get('/authcheck')).status).toBe(200)
  })
})
