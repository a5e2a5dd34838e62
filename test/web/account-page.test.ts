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
const ACTIVATE = '/account/token/activate'
const ACTIVE = 'The new API token is active.'

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

/** Signs in an account of its own. */
async function otherAccount(): Promise<Visitor> {
  const visitor = new Visitor(server(0))
  const address = `other${accounts}@example.com`
  await visitor.fill('/signin', { email: address, token: await create(address) })
  return visitor
}

async function expectValid({ valid, invalid }: { valid: string; invalid: string }): Promise<void> {
  for (const [credential, status] of [
    [invalid, 404],
    [valid, 200],
  ] as const)
    expect((await api(server(1), basic(email, credential)).get('/authcheck')).status).toBe(status)
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

/** Asks for a new token, and returns the page that shows it. */
async function draw(visitor: Visitor): Promise<PageAnswer> {
  const page = await visitor.submit(await visitor.get('/account'), '/account/token')
  expect(page).toMatchObject({ status: 200, heading: 'Your new API token' })
  return page
}

/** Replaces the token in both steps, and returns the pages that show it and that follow. */
async function replace(visitor: Visitor): Promise<{ drawn: PageAnswer; page: PageAnswer }> {
  const drawn = await draw(visitor)
  expect(await visitor.submit(drawn, ACTIVATE)).toMatchObject({ status: 303, location: '/account' })
  return { drawn, page: await visitor.get('/account') }
}

/** Takes the cookies of a browser to another server. */
function at(index: number, visitor: Visitor): Visitor {
  return new Visitor(server(index)).bringing(visitor.cookies)
}

const isSignedIn = async (visitor: Visitor) => (await visitor.get('/account')).status === 200
const sealedIn = ({ text }: PageAnswer) => /name="drawn_token" value="([^"]*)"/.exec(text)?.[1] ?? ''
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
    const drawn = await draw(visitor)
    visitor.cookies.delete('session')
    expect(await visitor.get('/account')).toMatchObject({ status: 401, heading: 'Sign in' })
    for (const action of ['/account/token', ACTIVATE, '/account/sessions']) {
      const from = action === ACTIVATE ? drawn : page
      expect(await visitor.submit(from, action)).toMatchObject({ status: 401, heading: 'Sign in' })
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
      for (const action of ['/account/token', ACTIVATE])
        expect((await visitor.post(action, fields)).status).toBe(403)
    expect(await isSignedIn(await signIn())).toBe(true)
  })
})

describe('replacing the API token', () => {
  it('shows the new token before it is stored, and the old one keeps working until then', async () => {
    const visitor = await signIn()
    const drawn = await draw(visitor)
    expect(drawn.headers['cache-control']).toBe('no-store')
    expect(drawn.text).toContain('the old one still works')
    const shown = shownToken(drawn) ?? ''
    expect(shown).toMatch(/^[a-z0-9]{40}$/)
    expect(shownToken(await draw(visitor))).not.toBe(shown)
    expect(shownToken(await visitor.get('/account'))).toBeUndefined()
    await expectValid({ valid: token, invalid: shown })
    expect(await isSignedIn(visitor)).toBe(true)
  })

  it('activates the new token, which works at once, and the old one nowhere', async () => {
    const [visitor, other] = [await signIn(), await signIn(1)]
    const { drawn, page } = await replace(visitor)
    const replaced = shownToken(drawn) ?? ''
    expect(replaced).toMatch(/^[a-z0-9]{40}$/)
    expect(replaced).not.toBe(token)
    expect(page.text).toContain(ACTIVE)
    expect(page.text).not.toContain(replaced)
    expect((await visitor.get('/account')).text).not.toContain(ACTIVE)
    expect(await isSignedIn(other)).toBe(false)
    await expectValid({ valid: replaced, invalid: token })
    expect(await isSignedIn(await signIn(1, replaced))).toBe(true)
  })

  it('tells a browser that activates a token again, with the new session, that it is active', async () => {
    const visitor = await signIn()
    const { drawn } = await replace(visitor)
    expect(await visitor.submit(drawn, ACTIVATE)).toMatchObject({ status: 303, location: '/account' })
    expect((await visitor.get('/account')).text).toContain(ACTIVE)
    await expectValid({ valid: shownToken(drawn) ?? '', invalid: token })
  })

  it('tells a browser that lost the first answer, and so has the old session, to sign in with the new token', async () => {
    const visitor = await signIn()
    const drawn = await draw(visitor)
    const lost = at(1, visitor)
    expect((await lost.submit(drawn, ACTIVATE)).status).toBe(303)
    const page = await visitor.submit(drawn, ACTIVATE)
    expect(page).toMatchObject({ status: 401, heading: 'Sign in' })
    expect(page.text).toContain(ACTIVE)
    const sent = { email, token: shownToken(drawn) ?? '' }
    expect(await visitor.submit(page, '/signin', sent)).toMatchObject({ status: 303, location: '/account' })
    expect(await isSignedIn(visitor)).toBe(true)
    expect(await isSignedIn(lost)).toBe(true)
  })

  it('activates one token, however often it is sent at the same time, and keeps the recent list', async () => {
    const visitor = await signIn()
    const { location = '' } = await visitor.fill('/', { secret: 'a' })
    const drawn = await draw(visitor)
    const twins = [0, 1, 0, 1].map((index) => at(index, visitor))
    await Promise.all(twins.map((twin) => twin.submit(drawn, ACTIVATE)))
    const replaced = shownToken(drawn) ?? ''
    await expectValid({ valid: replaced, invalid: token })
    expect((await (await signIn(0, replaced)).get('/recent')).text).toContain(location)
  })

  it('activates no token that was chosen, damaged, drawn for another account, or is older than 15 minutes', async () => {
    const visitor = await signIn()
    const drawn = await draw(visitor)
    const field = sealedIn(drawn)
    const foreign = sealedIn(await draw(await otherAccount()))
    const changed = (field.startsWith('A') ? 'B' : 'A') + field.slice(1)
    const session = visitor.cookies.get('session') ?? ''
    for (const drawn_token of ['', 'a'.repeat(40), changed, foreign, session]) {
      const page = await visitor.submit(drawn, ACTIVATE, { drawn_token })
      expect(page).toMatchObject({ status: 409, heading: 'Your account' })
      expect(page.text).toContain('The new token was not activated')
    }
    now = milliseconds(now + 15 * 60_000)
    expect((await visitor.submit(drawn, ACTIVATE)).status).toBe(409)
    await expectValid({ valid: token, invalid: shownToken(drawn) ?? '' })
  })

  it('takes a sealed new token for no session', async () => {
    const visitor = await signIn()
    visitor.cookies.set('session', sealedIn(await draw(visitor)))
    expect(await visitor.get('/account')).toMatchObject({ status: 401, heading: 'Sign in' })
  })

  it('does not bring back a token that was replaced, from a page that is still open', async () => {
    const visitor = await signIn()
    const first = await replace(visitor)
    const second = await replace(visitor)
    expect((await visitor.submit(first.drawn, ACTIVATE)).status).toBe(409)
    await expectValid({ valid: shownToken(second.drawn) ?? '', invalid: shownToken(first.drawn) ?? '' })
  })

  it('does not report to one account what another did in the same browser', async () => {
    const own = await signIn()
    await own.submit(await draw(own), ACTIVATE)
    const visitor = await signInAsAna()
    const brought = at(2, own)
    brought.cookies.set('session', visitor.cookies.get('session') ?? '')
    const page = await brought.get('/account')
    expect(page.text).toContain(ANA.email)
    expect(page.text).not.toContain(ANA.token)
    expect(page.text).not.toContain('id="token"')
    expect(page.text).not.toContain(ACTIVE)
  })

  it('does not take the notice in answer to HEAD, which leaves it for the page', async () => {
    const visitor = await signIn()
    await visitor.submit(await draw(visitor), ACTIVATE)
    expect((await visitor.send('HEAD', '/account')).status).toBe(200)
    expect((await visitor.get('/account')).text).toContain(ACTIVE)
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
    await replace(visitor)
    expect(await listed()).toEqual(locations)
  })

  it('writes a line to the audit log, as ending sessions does', async () => {
    const visitor = await signIn()
    await send(visitor, '/account/sessions')
    const ended = newest('sessions_ended')
    expect(ended).toMatchObject({ msg: 'account changed', way: 'page', account: ended?.caller })
    expect(ended?.account).toMatch(/^[\w-]{16}$/)
    const before = newest('token_rotated')
    const drawn = await draw(visitor)
    expect(newest('token_rotated')).toBe(before)
    await visitor.submit(drawn, ACTIVATE)
    expect(newest('token_rotated')).not.toBe(before)
    await visitor.submit(drawn, ACTIVATE)
    expect(
      audited.filter((line) => line.audit === 'token_rotated' && line.account === ended?.account),
    ).toHaveLength(1)
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
    const drawn = await draw(stored)
    const visitor = at(2, stored)
    visitor.cookies.delete('session')
    await visitor.fill('/signin', ANA)
    for (const [from, action] of [
      [page, '/account/token'],
      [drawn, ACTIVATE],
    ] as const) {
      const answer = await visitor.submit(from, action)
      expect(answer).toMatchObject({ status: 409, heading: 'Your account' })
      expect(answer.text).toContain('in the setting ACCOUNTS')
    }
    expect((await api(server(2), basic()).get('/authcheck')).status).toBe(200)
  })
})
