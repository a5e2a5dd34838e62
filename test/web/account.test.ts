import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { urNameOf } from '../../src/accounts/ur-name.ts'
import { loadConfig } from '../../src/config/load.ts'
import { type RunningServer, startServer } from '../../src/server/server.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { cookiesOf, Visitor } from './visitor.ts'

const HOUR = 3600

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://once.example.com' },
  })
})
afterAll(() => server.close())

async function signIn(at: { readonly url: string } = server): Promise<Visitor> {
  const visitor = new Visitor(at)
  expect(await visitor.fill('/signin', ANA)).toMatchObject({ status: 303, location: '/' })
  return visitor
}

describe('signing in', () => {
  it('sets the session cookie for 12 hours, out of reach of scripts and other sites', async () => {
    const visitor = new Visitor(server)
    const [cookie] = cookiesOf(await visitor.fill('/signin', ANA))
    expect(cookie?.name).toBe('__Host-session')
    expect(cookie?.attributes.split('; ').sort()).toEqual(
      ['HttpOnly', `Max-Age=${12 * HOUR}`, 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
    )
  })

  it('accepts the ur name in place of the email address', async () => {
    const visitor = new Visitor(server)
    const credentials = { email: urNameOf(ANA.email), token: ANA.token }
    expect(await visitor.fill('/signin', credentials)).toMatchObject({ status: 303, location: '/' })
    expect((await visitor.get('/')).text).toContain(ANA.email)
  })

  it('seals the session cookie: neither API token nor email address can be read in it, and no two are alike', async () => {
    const cookies = [await signIn(), await signIn()].map(
      (visitor) => visitor.cookies.get('__Host-session') ?? '',
    )
    expect(cookies[0]).not.toBe(cookies[1])
    for (const cookie of cookies) {
      const bytes = Buffer.from(cookie, 'base64url').toString('latin1')
      for (const text of [cookie, bytes]) {
        expect(text).not.toContain(ANA.token)
        expect(text).not.toContain('ana@')
      }
    }
  })

  it.each([
    [ANA.email, 'wrong-token-0123456789'],
    ['nobody@example.com', ANA.token],
    ['', ''],
    ['<b>@example.com', 'x'],
  ])('rejects the email address %j with the API token %j like any other wrong pair', async (email, token) => {
    const visitor = new Visitor(server)
    const page = await visitor.fill('/signin', { email, token })
    expect(page.status).toBe(401)
    expect(page.text).toContain('This email address and API token don’t match.')
    expect(page.text).not.toContain('<b>')
    expect(visitor.cookies.has('__Host-session')).toBe(false)
  })

  it('counts against the rate limit of the client network', async () => {
    const small = await startTestServer({ settings: { RATE_LIMIT: 'sign-in=2/600' } })
    try {
      const visitor = new Visitor(small)
      for (const status of [401, 401, 429]) {
        expect((await visitor.fill('/signin', { email: ANA.email, token: 'wrong' })).status).toBe(status)
      }
    } finally {
      await small.close()
    }
  })
})

describe('a session', () => {
  it('lists the recent secrets of its account, and an anonymous visitor has to sign in to see any', async () => {
    const visitor = await signIn()
    expect((await visitor.get('/recent')).text).toContain('No secrets yet.')
    const { location = '' } = await visitor.fill('/', { secret: 'x' })
    await api(server, basic()).post('/share', { secret: 'y', recipient: 'foo@example.com' })
    const { text } = await visitor.get('/recent')
    expect(text.match(/<h2 id="e\d+">/g)).toHaveLength(2)
    expect(text.indexOf('fo*****@e*****.com')).toBeLessThan(text.indexOf(`href="${location}"`))
    expect(text.match(/https:\/\/once\.example\.com\/secret\/[a-z0-9]{31}</g)).toHaveLength(2)
    expect(await new Visitor(server).get('/recent')).toMatchObject({ status: 401, heading: 'Sign in' })
    expect((await visitor.get(location)).heading).toBe('Your link is ready')
  })

  it('is ignored by the assets: an invalid session cookie is neither rejected nor cleared', async () => {
    const visitor = await signIn()
    const style = /href="(\/assets\/style[^"]+)"/.exec((await visitor.get('/')).text)?.[1] ?? ''
    const answer = await new Visitor(server).get(style, { Cookie: '__Host-session=invalid' })
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  it('ends by the sign-out form, not by a GET of /signout', async () => {
    const visitor = await signIn()
    expect(await visitor.get('/signout')).toMatchObject({ status: 303, location: '/' })
    const page = await visitor.get('/recent')
    expect(page.status).toBe(200)
    expect(await visitor.submit(page, '/signout')).toMatchObject({ status: 303, location: '/' })
    expect((await visitor.get('/recent')).status).toBe(401)
  })

  it('ends after 12 hours, even if the browser keeps its cookie', async () => {
    const visitor = await signIn()
    server.clock.advance(12 * HOUR - 1)
    expect((await visitor.get('/recent')).status).toBe(200)
    server.clock.advance(1)
    const cookie = visitor.cookies.get('__Host-session') ?? ''
    expect((await visitor.get('/recent')).status).toBe(401)
    expect(visitor.cookies.has('__Host-session')).toBe(false)
    visitor.cookies.set('__Host-session', cookie)
    expect((await visitor.get('/recent')).status).toBe(401)
  })

  it('is rejected when one byte of its cookie has changed, or when the cookie holds no session', async () => {
    const visitor = await signIn()
    const sealed = Buffer.from(visitor.cookies.get('__Host-session') ?? '', 'base64url')
    const changed = Array.from({ length: sealed.length }, (_, index) => {
      const copy = Buffer.from(sealed)
      copy[index] = (copy[index] ?? 0) ^ 1
      return copy.toString('base64url')
    })
    const others = [
      '',
      'x',
      sealed.subarray(0, 30).toString('base64url'),
      visitor.cookies.get('__Host-csrf') ?? '',
    ]
    for (const cookie of [...changed, ...others]) {
      const page = await new Visitor(server).get('/recent', { Cookie: `__Host-session=${cookie}` })
      expect(page.status).toBe(401)
    }
  })
})

describe('two servers that share a store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-session-'))
  const start = (token: string): Promise<RunningServer> =>
    startServer(
      loadConfig({ PORT: '0', DATA_DIR: folder, ACCOUNTS: `${ANA.email}:${token}` }, () => ''),
      { logger: pino({ level: 'silent' }) },
    )
  afterAll(() => rmSync(folder, { recursive: true }))

  it('accept the sessions and the forms of each other, until the API token is replaced', async () => {
    const first = await start(ANA.token)
    const visitor = await signIn(first)
    const page = await visitor.get('/')
    await first.stop()

    const second = await start(ANA.token)
    const onSecond = new Visitor(second)
    for (const [name, value] of visitor.cookies) onSecond.cookies.set(name, value)
    expect((await onSecond.submit(page, '/', { secret: 'x' })).status).toBe(303)
    expect((await onSecond.get('/recent')).text).toContain('<h2 id="e0">')
    await second.stop()

    const rotated = await start('another-token-0123456789')
    const onRotated = new Visitor(rotated)
    for (const [name, value] of visitor.cookies) onRotated.cookies.set(name, value)
    expect((await onRotated.get('/recent')).status).toBe(401)
    expect(onRotated.cookies.has('session')).toBe(false)
    await rotated.stop()
  })
})
