import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api } from '../api/client.ts'
import { tokenIn, Visitor } from './visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { SHARE_DOMAINS: 'links.example.com,bücher.example', PUBLIC_URL: 'http://once.example.com' },
  })
})
afterAll(() => server.close())

async function shareSecret(): Promise<string> {
  const { body } = await api(server).post('/share', { secret: 'still here' })
  return `/secret/${body.secret_key}`
}

async function expectRejected(
  visitor: Visitor,
  action: string,
  headers: Record<string, string>,
  token?: string,
) {
  const fields = { csrf_token: token ?? tokenIn(await visitor.get(action), action) }
  const page = await visitor.post(action, fields, headers)
  expect(page).toMatchObject({ status: 403, heading: 'That didn’t work' })
  expect(page.text).toContain(`href="${action}"`)
  expect(page.text).not.toContain('still here')
  expect((await visitor.get(action)).status).toBe(200)
}

describe('a form is rejected, and the secret not revealed,', () => {
  const FOREIGN = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'http://once.example.com.evil.example' },
    { Origin: 'http://once.example.com', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'nonsense' },
  ]
  it.each(FOREIGN)('when another site sent it, even with a valid CSRF token: %o', async (headers) => {
    await expectRejected(new Visitor(server), await shareSecret(), headers)
  })

  it('when its CSRF token is missing, wrong, or cut off', async () => {
    const action = await shareSecret()
    const visitor = new Visitor(server)
    const token = tokenIn(await visitor.get(action), action)
    for (const wrong of ['', 'x', token.slice(0, 20), `${token}A`, 'A'.repeat(43)]) {
      await expectRejected(visitor, action, {}, wrong)
    }
  })

  it('when its CSRF token was issued for another action or another browser', async () => {
    const [action, other] = [await shareSecret(), await shareSecret()]
    const visitor = new Visitor(server)
    await expectRejected(visitor, action, {}, tokenIn(await visitor.get(other), other))
    await expectRejected(visitor, action, {}, tokenIn(await new Visitor(server).get(action), action))
  })

  it('when the CSRF cookie is missing or malformed', async () => {
    const action = await shareSecret()
    const visitor = new Visitor(server)
    const token = tokenIn(await visitor.get(action), action)
    visitor.cookies.clear()
    expect((await visitor.post(action, { csrf_token: token })).status).toBe(403)
    visitor.cookies.set('csrf', 'short')
    expect((await visitor.post(action, { csrf_token: token })).status).toBe(403)
  })

  it.each(['/', '/signin', '/signout'])('when another site sent it to %s', async (action) => {
    const visitor = new Visitor(server)
    const page = await visitor.post(action, { secret: 'x' }, { Origin: 'https://evil.example' })
    expect(page.status).toBe(403)
    expect(page.headers['set-cookie'] ?? '').not.toContain('session')
  })

  it('F12: and its error page links to paths of this site only, whatever the URL was', async () => {
    for (const address of [
      '//',
      '//evil.example',
      '/\\evil.example',
      '//secret//evil.example',
      '/secret/%2f%2fevil.example',
    ]) {
      const page = await new Visitor(server).post(address)
      expect([403, 404]).toContain(page.status)
      const links = [...page.text.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
      for (const href of links) expect(href).toMatch(/^(#main|\/(?![/\\]))/)
    }
  })
})

describe('a form is accepted', () => {
  const OWN = [
    {},
    { 'Sec-Fetch-Site': 'same-origin' },
    // What browsers send from a page under `Referrer-Policy: no-referrer`.
    { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    { Origin: 'http://once.example.com', Host: 'backend:3000' },
    { Origin: 'http://localhost:8080', Host: 'localhost:8080' },
    { Origin: 'http://links.example.com', Host: 'backend:3000' },
    { Origin: 'http://links.example.com', Host: 'links.example.com', 'Sec-Fetch-Site': 'same-origin' },
  ]
  it.each(OWN)('from a page of this site: %o', async (headers) => {
    const path = await shareSecret()
    expect((await new Visitor(server).fill(path, {}, headers)).text).toContain('still here')
  })

  it.each([
    { Origin: 'http://once.example.com.', Host: 'backend:3000' },
    { Origin: 'https://elsewhere.example', Host: 'Elsewhere.example.:443' },
    { Origin: 'http://xn--bcher-kva.example', Host: 'backend:3000' },
  ])('F40: from a page of this site, however its host is spelled: %o', async (headers) => {
    const path = await shareSecret()
    expect((await new Visitor(server).fill(path, {}, headers)).text).toContain('still here')
  })

  it.each([
    { 'Sec-Fetch-Site': 'same-origin' },
    { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    { Origin: 'http://once.example.com', Host: 'backend:3000' },
  ])(
    'from a browser without cookies, if it reveals a secret and the browser names this site: %o',
    async (headers) => {
      const path = await shareSecret()
      const visitor = new Visitor(server)
      await visitor.get(path)
      visitor.cookies.clear()
      expect((await visitor.post(path, {}, headers)).text).toContain('still here')
    },
  )

  it('from each of two pages that are open in one browser', async () => {
    const [first, second] = [await shareSecret(), await shareSecret()]
    const visitor = new Visitor(server)
    const [one, two] = [await visitor.get(first), await visitor.get(second)]
    expect((await visitor.submit(two, second)).status).toBe(200)
    expect((await visitor.submit(one, first)).status).toBe(200)
  })
})

it('a form with an invalid CSRF token comes back with all that the sender has filled in', async () => {
  const visitor = new Visitor(server)
  const page = await visitor.post('/', { secret: 'long <work>\nby hand', passphrase: '"tulip"', ttl: '3600' })
  expect(page.status).toBe(403)
  expect(page.text).toContain('>\nlong &lt;work&gt;\nby hand</textarea>')
  expect(page.text).toContain('value="&quot;tulip&quot;"')
  expect(page.text).toMatch(/<option value="3600" selected>/)
  expect(page.text).toContain('Please try again.')
  const created = await visitor.submit(page, '/', { secret: 'long' })
  expect(created.status).toBe(303)
})

describe('a browser without cookies', () => {
  const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' }
  const REASON = 'This form needs a cookie that your browser did not send.'

  it.each(['/', '/signin', '/signout', `/private/${'a'.repeat(31)}/burn`])(
    'is told that cookies are needed for the form of %s, wherever that came from',
    async (action) => {
      for (const headers of [{}, SAME_ORIGIN]) {
        const page = await new Visitor(server).post(action, { csrf_token: 'x', secret: 'x' }, headers)
        expect(page.status).toBe(403)
        expect(page.text).toContain(REASON)
      }
    },
  )

  it('is told so about a secret, too, if it does not name the site, and the secret remains', async () => {
    const path = await shareSecret()
    const visitor = new Visitor(server)
    for (const headers of [{}, { Origin: 'null' }]) {
      const page = await visitor.post(path, {}, headers)
      expect(page.status).toBe(403)
      expect(page.text).toContain(REASON)
    }
    expect((await visitor.fill(path)).text).toContain('still here')
  })

  it('is not blamed for a form that another site sent', async () => {
    const page = await new Visitor(server).post('/', { secret: 'x' }, { Origin: 'https://evil.example' })
    expect(page.text).toContain('the form came from another site')
    expect(page.text).not.toContain(REASON)
  })
})
