import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { Visitor } from './visitor.ts'

const DAY = 86_400

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, 'bo@example.com': 'token-of-bo-0123456789' },
    settings: {
      PUBLIC_URL: 'https://once.example.com',
      SHARE_DOMAINS: 'links.example.com,team.example.org=ana@example.com',
      TTL_MAX_ACCOUNT: String(10 * DAY),
      SECRET_MAX_BYTES: '100',
    },
  })
})
afterAll(() => server.close())

async function signedIn(user: { email: string; token: string } = ANA): Promise<Visitor> {
  const visitor = new Visitor(server)
  await visitor.fill('/signin', user)
  return visitor
}

/** Sends the form, and gets the receipt and the value by the API. */
async function create(visitor: Visitor, fields: Record<string, string>) {
  const answer = await visitor.fill('/', fields)
  expect(answer.status).toBe(303)
  const key = answer.location?.split('/').at(-1) ?? ''
  expect(answer.location).toBe(`/private/${key}`)
  const { body } = await api(server, basic()).get(`/private/${key}`)
  const { body: read } = await api(server).post(`/secret/${body.secret_key}`, {
    passphrase: fields['passphrase'] ?? '',
  })
  return { key, metadata: body, value: read.value }
}

describe('the form', () => {
  it('stores the secret as typed, with the lifetime and the passphrase that were chosen', async () => {
    const { metadata, value } = await create(new Visitor(server), {
      secret: ' two lines\r\nand a break\r\n',
      passphrase: ' tulip ',
      ttl: '3600',
    })
    expect(value).toBe(' two lines\nand a break\n')
    expect(metadata).toMatchObject({ custid: 'anon', ttl: 3600, passphrase_required: true, state: 'new' })
  })

  it.each([
    ['without an account', undefined, 7 * DAY, '7 days'],
    ['with an account', ANA, 10 * DAY, '10 days'],
  ])(
    'F4: offers lifetimes up to the maximum %s, and grants no longer one',
    async (_, user, maximum, longest) => {
      const visitor = user ? await signedIn(user) : new Visitor(server)
      const { text } = await visitor.get('/')
      const offered = [...text.matchAll(/<option value="(\d+)"[^>]*>([^<]*)</g)]
      expect(offered.at(-1)?.slice(1)).toEqual([String(maximum), longest])
      expect(text).toContain(`<option value="${7 * DAY}" selected>7 days</option>`)
      const { metadata } = await create(visitor, { secret: 'x', ttl: String(365 * DAY) })
      expect(metadata['ttl']).toBe(maximum)
    },
  )

  const INVALID = [
    ['Enter a secret first.', 400, { secret: '' }],
    ['The secret is too long: the maximum is 100 bytes.', 413, { secret: 'é'.repeat(51) }],
    [
      'The passphrase is too long: the maximum is 1,024 bytes.',
      413,
      { secret: 'kept', passphrase: 'p'.repeat(1025) },
    ],
    ['You can’t create links on evil.example.', 400, { secret: 'kept', share_domain: 'evil.example' }],
    ['Sign in to send emails.', 400, { secret: 'kept', recipient: 'a@example.com' }],
  ] as const
  it.each(INVALID)('keeps what was filled in and says: %s', async (text, status, fields) => {
    const page = await new Visitor(server).fill('/', { ttl: '3600', ...fields })
    expect(page).toMatchObject({ status, heading: 'Share a secret that opens once' })
    expect(page.text).toContain(text)
    expect(page.text).toContain(`>\n${fields.secret}</textarea>`)
    expect(page.text).toContain('<option value="3600" selected>')
    if ('passphrase' in fields) expect(page.text).toContain(`value="${fields.passphrase}"`)
  })

  it('is rejected with an error page when its body is malformed or far too large', async () => {
    const visitor = new Visitor(server)
    const broken = await visitor.send('POST', '/', { 'Content-Length': '3' }, 'a=%')
    expect(broken.status).toBe(400)
    const large = await visitor.post('/', { secret: 'x'.repeat(4_000_000) })
    expect(large.status).toBe(413)
    for (const page of [broken, large]) expect(page.heading).toBe('That didn’t work')
  })
})

describe('the form of an account', () => {
  it('emails the link to each address in the language of the page, and the receipt obscures the addresses', async () => {
    const visitor = await signedIn()
    await visitor.get('/?language=it')
    const { location = '' } = await visitor.fill('/', {
      secret: 'x',
      recipient: 'foo@example.com, bar@example.org;baz@example.net',
    })
    const sent = server.mails.slice(-3)
    expect(sent.map(({ to }) => to)).toEqual(['foo@example.com', 'bar@example.org', 'baz@example.net'])
    expect(sent[0]).toMatchObject({ sender: ANA.email, locale: 'it' })
    expect(sent[0]?.link).toMatch(/^https:\/\/once\.example\.com\/secret\/[a-z0-9]{31}$/)
    const { text } = await visitor.get(location)
    expect(text).toContain('<bdi>fo*****@e*****.com</bdi>')
    expect(text).not.toContain('foo@example.com')
  })

  it('names a malformed email address and keeps the field as typed', async () => {
    const visitor = await signedIn()
    const page = await visitor.fill('/', { secret: 'x', recipient: 'foo@example.com, not-one' })
    expect(page.status).toBe(400)
    expect(page.text).toContain('This is not an email address: not-one')
    expect(page.text).toContain('value="foo@example.com, not-one"')
  })

  it('offers the share domains of the account, and makes the link on the chosen one', async () => {
    const domains = ({ text }: { text: string }) =>
      [...(text.split('id="share_domain"')[1] ?? '').matchAll(/<option [^>]*>([^<]+)</g)].map(
        ([, host]) => host,
      )
    const [ana, bo] = [
      await signedIn(),
      await signedIn({ email: 'bo@example.com', token: 'token-of-bo-0123456789' }),
    ]
    expect(domains(await ana.get('/'))).toEqual(['once.example.com', 'links.example.com', 'team.example.org'])
    expect(domains(await bo.get('/'))).toEqual(['once.example.com', 'links.example.com'])
    const { location = '' } = await ana.fill('/', { secret: 'x', share_domain: 'team.example.org' })
    expect((await ana.get(location)).text).toMatch(
      /dir="ltr">https:\/\/team\.example\.org\/secret\/[a-z0-9]{31}</,
    )
    expect((await bo.fill('/', { secret: 'x', share_domain: 'team.example.org' })).status).toBe(400)
  })
})

it('SECRET_MAX_BYTES_ANONYMOUS limits the secrets of anonymous visitors, and the form says so', async () => {
  const small = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { SECRET_MAX_BYTES: '5', SECRET_MAX_BYTES_ANONYMOUS: '3' },
  })
  try {
    const [anonymous, ana] = [new Visitor(small), new Visitor(small)]
    await ana.fill('/signin', ANA)
    for (const [visitor, limit] of [
      [anonymous, 3],
      [ana, 5],
    ] as const) {
      expect((await visitor.get('/')).text).toContain(`data-max="${limit}"`)
      expect((await visitor.fill('/', { secret: 'a'.repeat(limit) })).status).toBe(303)
      const rejected = await visitor.fill('/', { secret: 'a'.repeat(limit + 1) })
      expect(rejected.status).toBe(413)
      expect(rejected.text).toContain(`The secret is too long: the maximum is ${limit} bytes.`)
      expect(rejected.text).toContain(`data-max="${limit}"`)
    }
  } finally {
    await small.close()
  }
})

it('ANONYMOUS_CREATE=off hides the form from anonymous visitors, rejects theirs, and lets them reveal secrets', async () => {
  const closed = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { ANONYMOUS_CREATE: 'off' },
  })
  try {
    const anonymous = new Visitor(closed)
    const start = await anonymous.get('/')
    expect(start.status).toBe(200)
    expect(start.text).toContain('href="/signin"')
    expect(start.text).not.toContain('<textarea')
    const signIn = await anonymous.get('/signin')
    expect((await anonymous.submit(signIn, '/', { secret: 'x' })).status).toBe(403)

    const ana = new Visitor(closed)
    await ana.fill('/signin', ANA)
    const { location = '' } = await ana.fill('/', { secret: 'for a anonymous' })
    const path = /\/secret\/[a-z0-9]{31}/.exec((await ana.get(location)).text)?.[0] ?? ''
    expect((await anonymous.fill(path)).text).toContain('for a anonymous')

    const formOfAna = await ana.get('/')
    for (const [name, value] of ana.cookies) if (name !== 'session') anonymous.cookies.set(name, value)
    expect(await anonymous.submit(formOfAna, '/', { secret: 'x' })).toMatchObject({
      status: 401,
      heading: 'Share a secret that opens once',
    })
  } finally {
    await closed.close()
  }
})

it('an error in a field that the form does not show stands above the form', async () => {
  const plain = await startTestServer()
  try {
    const page = await new Visitor(plain).fill('/', { secret: 'kept', share_domain: 'links.example.com' })
    expect(page.status).toBe(400)
    expect(page.text).toContain('role="alert">You can’t create links on links.example.com.</p>')
    expect(page.text).toContain('>\nkept</textarea>')
  } finally {
    await plain.close()
  }
})

it('a rate-limited sender sees how long to wait, and the secret comes back in the form', async () => {
  const small = await startTestServer({ settings: { RATE_LIMIT: 'create=1/600' } })
  try {
    const visitor = new Visitor(small)
    expect((await visitor.fill('/', { secret: 'one' })).status).toBe(303)
    const page = await visitor.fill('/', { secret: 'two' })
    expect(page.status).toBe(429)
    expect(page.headers['retry-after']).toBe('600')
    expect(page.text).toContain('Please try again in 10 minutes.')
    expect(page.text).toContain('>\ntwo</textarea>')
  } finally {
    await small.close()
  }
})
