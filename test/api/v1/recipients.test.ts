import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { type Conduct, startSmtpServer } from '../../support/smtp.ts'
import { ANA, type Api, api, basic, failure, rejection } from '../client.ts'
import { multipart } from '../encodings.ts'

let server: TestServer
let anybody: Api
let ana: Api
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS },
  })
  anybody = api(server)
  ana = api(server, basic())
})
afterAll(() => server.close())

/** Returns the recipients of the emails that a request causes, sorted. */
async function emailsOf(request: () => Promise<unknown>): Promise<string[]> {
  const before = server.mails.length
  await request()
  return server.mails
    .slice(before)
    .map(({ to }) => to)
    .sort()
}

describe('docs/api/v1.md section 1: recipient', () => {
  const urlencoded = (pairs: [string, string][]) => ({
    body: new URLSearchParams([['secret', 'a'], ...pairs]),
  })
  const json = (recipient: unknown) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: 'a', recipient }),
  })
  it.each([
    ['one value', urlencoded([['recipient', 'x@example.com']]), ['x@example.com']],
    [
      'a repeated value',
      urlencoded([
        ['recipient', 'x@example.com'],
        ['recipient', 'y@example.com'],
      ]),
      ['x@example.com', 'y@example.com'],
    ],
    ['recipient[]', urlencoded([['recipient[]', 'x@example.com']]), ['x@example.com']],
    [
      'recipient[] repeated',
      urlencoded([
        ['recipient[]', 'x@example.com'],
        ['recipient[]', 'y@example.com'],
      ]),
      ['x@example.com', 'y@example.com'],
    ],
    ['a JSON text', json('x@example.com'), ['x@example.com']],
    ['a JSON array', json(['x@example.com', 'y@example.com']), ['x@example.com', 'y@example.com']],
    [
      'recipient[] in JSON',
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: 'a', 'recipient[]': ['x@example.com'] }),
      },
      ['x@example.com'],
    ],
    [
      'multipart parts',
      multipart({ secret: 'a', recipient: 'x@example.com', 'recipient[]': 'y@example.com' }, ''),
      ['x@example.com', 'y@example.com'],
    ],
    ['an empty value, as clients send it for none', urlencoded([['recipient', '']]), []],
    ['an empty recipient[]', urlencoded([['recipient[]', '']]), []],
    ['an empty JSON array', json([]), []],
    [
      'the same address twice',
      urlencoded([
        ['recipient', 'x@example.com'],
        ['recipient', ' x@example.com '],
      ]),
      ['x@example.com'],
    ],
  ] as const)('sends one email to each address of %s', async (_what, init, expected) => {
    expect(await emailsOf(() => ana.call('POST', '/share', init))).toEqual(expected)
  })

  it('reads recipients from the query string', async () => {
    const query = '?secret=a&recipient=x%40example.com&recipient[]=y%40example.com'
    expect(await emailsOf(() => ana.call('POST', `/share${query}`))).toEqual([
      'x@example.com',
      'y@example.com',
    ])
  })
})

describe('docs/api/v1.md section 3: recipient', () => {
  it('emails each recipient the link in the language of the request, and answers obscured addresses', async () => {
    const headers = { 'accept-language': 'it-IT,it;q=0.9,en;q=0.5' }
    const body = new URLSearchParams({ secret: 'a', ttl: '3600', recipient: 'foo@example.com' })
    const { body: shared } = await ana.call('POST', '/share', { headers, body })
    expect(shared['recipient']).toEqual(['fo*****@e*****.com'])
    expect(server.mails.at(-1)).toEqual({
      to: 'foo@example.com',
      sender: ANA.email,
      link: `${server.url}/secret/${shared.secret_key}`,
      locale: 'it',
      expires: server.clock.now() + 3_600_000,
    })
    expect(JSON.stringify(server.mails)).not.toContain(shared.metadata_key)
  })

  it('sends emails for a generated secret too', async () => {
    expect(await emailsOf(() => ana.post('/generate', { recipient: 'x@example.com' }))).toEqual([
      'x@example.com',
    ])
  })

  it('rejects recipients of an anonymous caller', async () => {
    for (const path of ['/share', '/generate']) {
      expect(await anybody.post(path, { secret: 'a', recipient: 'x@example.com' })).toEqual(
        rejection(400, 'An account is required to send emails.'),
      )
    }
  })

  it.each([
    'nobody',
    'a@b',
    'a@example.com, b@example.com',
    'a@example.com\r\nBcc: b@example.com',
    '<a@example.com>',
    'A <a@example.com>',
    'a@exam ple.com',
    '@example.com',
    'a@@example.com',
    `${'a'.repeat(250)}@example.com`,
  ])('rejects %j as undeliverable, and sends no email to the others', async (recipient) => {
    const body = new URLSearchParams([
      ['secret', 'a'],
      ['recipient', 'good@example.com'],
      ['recipient', recipient],
    ])
    const emails = await emailsOf(async () =>
      expect(await ana.call('POST', '/share', { body })).toEqual(
        rejection(400, `Undeliverable email address: ${recipient}`),
      ),
    )
    expect(emails).toEqual([])
  })

  it('accepts at most 10 recipients', async () => {
    const to = (count: number) => ({
      body: new URLSearchParams([
        ['secret', 'a'],
        ...Array.from({ length: count }, (_, i): [string, string] => ['recipient', `r${i}@example.com`]),
      ]),
    })
    expect(await emailsOf(() => ana.call('POST', '/share', to(10)))).toHaveLength(10)
    expect(await ana.call('POST', '/share', to(11))).toEqual(
      rejection(400, 'A secret can be sent to at most 10 recipients'),
    )
  })
})

describe('docs/api/v1.md section 3: share_domain', () => {
  it('accepts a configured domain from the accounts that may use it, and treats the site itself as no share domain', async () => {
    const bo = { email: 'bo@example.com', token: 'token-of-bo-9876543210' }
    const domains = await startTestServer({
      accounts: { [ANA.email]: ANA.token, [bo.email]: bo.token },
      settings: {
        SHARE_DOMAINS: 'links.example.com,ana.example.com:8443=ana@example.com',
        PUBLIC_URL: 'https://example.org/ots',
        TRUST_PROXY: '1',
      },
    })
    onTestFinished(() => domains.close())
    const owner = api(domains, basic())
    const other = api(domains, basic(bo.email, bo.token))
    const ask = (by: Api, share_domain: string) => by.post('/share', { secret: 'a', share_domain })
    const unknown = (name: string) => rejection(400, `Unknown domain: ${name}`)

    for (const own of ['', ' ', 'example.org', 'EXAMPLE.ORG']) {
      expect((await ask(owner, own)).body['share_domain']).toBe('')
    }
    expect((await ask(owner, 'Links.Example.com')).body['share_domain']).toBe('links.example.com')
    expect((await ask(owner, 'ana.example.com:8443')).body['share_domain']).toBe('ana.example.com:8443')
    expect(await ask(other, 'ana.example.com:8443')).toEqual(unknown('ana.example.com:8443'))
    expect(await ask(api(domains), 'ana.example.com:8443')).toEqual(unknown('ana.example.com:8443'))
    for (const name of [
      'evil.example',
      '/\\evil.example',
      'links.example.com.evil.example',
      'example.org:80',
    ]) {
      expect(await ask(owner, name)).toEqual(unknown(name))
    }

    const from = (by: Api, host: string) =>
      by.call('POST', '/share', {
        headers: { 'x-forwarded-host': host },
        body: new URLSearchParams({ secret: 'a' }),
      })
    expect((await from(other, 'LINKS.example.com')).body['share_domain']).toBe('links.example.com')
    expect((await from(owner, 'ana.example.com:8443')).body['share_domain']).toBe('ana.example.com:8443')
    expect((await from(other, 'ana.example.com:8443')).body['share_domain']).toBe('')
    expect((await from(owner, 'evil.example')).body['share_domain']).toBe('')

    const { body } = await owner.post('/share', {
      secret: 'a',
      share_domain: 'links.example.com',
      recipient: 'x@example.com',
    })
    expect(domains.mails.at(-1)?.link).toBe(`https://links.example.com/ots/secret/${body.secret_key}`)
    expect((await owner.post(`/secret/${body.secret_key}`)).body).toEqual({
      value: 'a',
      secret_key: body.secret_key,
      share_domain: 'links.example.com',
    })
  })
})

describe('docs/api/v1.md section 5, F20: an email that could not be sent', () => {
  const OPTIONS = { accounts: { [ANA.email]: ANA.token } }
  const MAIL_FROM = 'no-reply@example.com'

  it.each<Conduct>(['reject', 'drop'])(
    'is answered with 502, and its secret is withdrawn (SMTP server: %s)',
    async (conduct) => {
      const smtp = await startSmtpServer(conduct)
      onTestFinished(() => smtp.close())
      const failing = await startTestServer({ ...OPTIONS, settings: { SMTP_URL: smtp.url, MAIL_FROM } })
      onTestFinished(() => failing.close())
      const owner = api(failing, basic())
      expect(await owner.post('/share', { secret: 'a', recipient: 'x@example.com' })).toEqual(
        failure(502, 'The email could not be sent, and the secret was withdrawn'),
      )
      expect((await owner.get('/private/recent')).body).toEqual([])
    },
  )

  it('hands an email that leads to the secret to the SMTP server before it answers', async () => {
    const smtp = await startSmtpServer()
    onTestFinished(() => smtp.close())
    const sending = await startTestServer({ ...OPTIONS, settings: { SMTP_URL: smtp.url, MAIL_FROM } })
    onTestFinished(() => sending.close())
    const { body } = await api(sending, basic()).post('/share', { secret: 'a', recipient: 'x@example.com' })
    expect(smtp.emails.map(({ envelope }) => envelope.to)).toEqual([['x@example.com']])
    const [, key = ''] = /\/secret\/([a-z0-9]{31})\s/.exec(smtp.emails[0]?.parsed.text ?? '') ?? []
    expect(key).toBe(body.secret_key)
    expect(smtp.emails[0]?.parsed.replyTo?.text).toBe(ANA.email)
  })
})
