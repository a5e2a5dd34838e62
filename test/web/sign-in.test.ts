import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { parseReturnPath } from '../../src/web/sign-in/return-path.ts'
import { ANA } from '../api/client.ts'
import { type PageAnswer, Visitor } from './visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { PUBLIC_URL: 'https://once.example.com/sub' },
  })
})
afterAll(() => server.close())

/** Returns the hidden path in the sign-in form of a page; undefined for none. */
function returnPathIn({ text }: PageAnswer): string | undefined {
  return /name="return" value="([^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
}

/** Signs in with the form that was shown in place of a page. */
async function signInOn(visitor: Visitor, page: PageAnswer, fields = {}): Promise<PageAnswer> {
  const path = returnPathIn(page)
  const all = { ...ANA, ...(path !== undefined && { return: path }), ...fields }
  return visitor.submit(page, '/sub/signin', all)
}

describe('a sign-in', () => {
  it.each(['/recent', '/recent?page=2&state=new&q=caf%C3%A9', '/account'])(
    'that %s asked for leads back there',
    async (path) => {
      const visitor = new Visitor(server)
      const page = await visitor.get(`/sub${path}`)
      expect(page).toMatchObject({ status: 401, heading: 'Sign in' })
      expect(await signInOn(visitor, page)).toMatchObject({ status: 303, location: `/sub${path}` })
    },
  )

  it('leads back after a wrong API token and in another language, too', async () => {
    const visitor = new Visitor(server)
    const page = await visitor.get('/sub/recent?state=new')
    const again = await signInOn(visitor, page, { token: 'wrong-token-0123456789' })
    expect(again.status).toBe(401)
    const link = /href="([^"]*language=it)"/.exec(again.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(link).toBe('/sub/signin?return=%2Frecent%3Fstate%3Dnew&language=it')
    const italian = await visitor.get(link)
    expect(italian.heading).toBe('Accedi')
    expect(await signInOn(visitor, italian)).toMatchObject({ location: '/sub/recent?state=new' })
    expect(await visitor.get(link)).toMatchObject({ status: 303, location: '/sub/recent?state=new' })
  })

  it('that a rejected form asked for leads to the page with the form', async () => {
    const visitor = new Visitor(server)
    const { location = '' } = await visitor.fill('/sub/signin', ANA)
    expect(location).toBe('/sub/')
    const receipt = (await visitor.fill('/sub/', { secret: 'x' })).location ?? ''
    const page = await visitor.get(receipt)
    for (const name of [...visitor.cookies.keys()].filter((each) => each.endsWith('session')))
      visitor.cookies.delete(name)
    const rejected = await visitor.submit(page, `${receipt}/memo`, { memo: 'for Bo' })
    expect(rejected).toMatchObject({ status: 401, heading: 'Sign in' })
    const back = (await signInOn(visitor, rejected)).location ?? ''
    expect(back).toBe(`${receipt}/memo`)
    expect(await visitor.get(back)).toMatchObject({ status: 303, location: receipt })
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\/evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    ' //evil.example/',
    'javascript:alert(1)',
    'recent',
    '',
    '/recent\r\nX-Forged: yes',
    '/r\u00E9cent',
    `/${'x'.repeat(2048)}`,
  ])('never leads to %j', async (path) => {
    expect(parseReturnPath(path)).toBe('/')
    const visitor = new Visitor(server)
    const answer = await visitor.fill('/sub/signin', { ...ANA, return: path })
    expect(answer).toMatchObject({ status: 303, location: '/sub/' })
    expect(answer.headers).not.toHaveProperty('x-forged')
    const link = `/sub/signin?${new URLSearchParams({ return: path })}`
    expect((await visitor.get(link)).location).toBe('/sub/')
  })

  it('stays on this site for every path that is accepted, with and without a base path', () => {
    for (const path of [
      '/',
      '/recent',
      '/.//evil.example',
      '/@evil.example',
      '/%5Cevil.example',
      '/:x',
      '/a\\b',
    ]) {
      expect(parseReturnPath(path)).toBe(path)
      for (const base of ['', '/sub'])
        expect(new URL(base + path, 'https://once.example.com/signin').origin).toBe(
          'https://once.example.com',
        )
    }
  })
})

describe('the sign-in form', () => {
  it('keeps the email address after a wrong API token, and with an expired CSRF token', async () => {
    const visitor = new Visitor(server)
    const typed = { email: '"A" <ana@example.com', token: 'wrong-token-0123456789' }
    for (const csrf_token of [{}, { csrf_token: 'expired' }]) {
      const page = await visitor.fill('/sub/signin', { ...typed, ...csrf_token })
      expect([401, 403]).toContain(page.status)
      expect(page.heading).toBe('Sign in')
      expect(page.text).toContain('value="&quot;A&quot; &lt;ana@example.com"')
      expect(page.text).not.toContain(typed.token)
    }
  })

  it('shows nothing that another site typed', async () => {
    const page = await new Visitor(server).post('/sub/signin', ANA, { Origin: 'https://evil.example' })
    expect(page).toMatchObject({ status: 403, heading: 'That didn’t work' })
    expect(page.text).not.toContain(ANA.email)
  })

  it('keeps the email address and the way back when a rate limit rejects the sign-in', async () => {
    const small = await startTestServer({ settings: { RATE_LIMIT: 'sign-in=1/600' } })
    try {
      const visitor = new Visitor(small)
      const page = await visitor.get('/recent')
      const typed = { email: 'ana@example.com', token: 'wrong-token-0123456789', return: '/recent' }
      expect((await visitor.submit(page, '/signin', typed)).status).toBe(401)
      const limited = await visitor.submit(page, '/signin', typed)
      expect(limited).toMatchObject({ status: 429, heading: 'Sign in' })
      expect(limited.headers['retry-after']).toBe('600')
      expect(limited.text).toContain('Too many attempts in a short time. Please try again in 10 minutes.')
      expect(limited.text).toContain('value="ana@example.com"')
      expect(returnPathIn(limited)).toBe('/recent')
    } finally {
      await small.close()
    }
  })

  it('says that a user name works, too', async () => {
    expect((await new Visitor(server).get('/sub/signin')).text).toContain('Email address or user name')
  })
})
