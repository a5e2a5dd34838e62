import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { startSmtpServer, type TestSmtpServer } from '../support/smtp.ts'
import { fieldsIn } from './form-fields.ts'
import { cookiesOf, type PageAnswer, Visitor } from './visitor.ts'

const BO = { email: 'bo@example.com', token: 'token-of-bo-0123456789' }
const THREE = 'foo@example.com, bar@example.org;baz@example.net'
const HOUR = 3600

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token, [BO.email]: BO.token },
    settings: { PUBLIC_URL: 'https://once.example.com' },
  })
})
afterAll(() => server.close())

async function signedIn(at: { readonly url: string } = server, user: typeof ANA | typeof BO = ANA) {
  const visitor = new Visitor(at)
  await visitor.fill('/signin', user)
  return visitor
}

/** Returns the rows of the page: place, address, state, and the path of the receipt. */
const rowsOf = ({ text }: PageAnswer) =>
  [
    ...text.matchAll(
      /<li value="(\d)"><bdi>(.*?)<\/bdi> <span class="state \w+">(.*?)<\/span> <a href="(.*?)">Receipt</g,
    ),
  ].map(([, ...row]) => row)

const linksIn = ({ text }: PageAnswer) => text.match(/href="\/private\/[a-z0-9]+"/g)

describe('F45: a secret for several recipients', () => {
  it('gets a link for each, and the page lists a receipt for each, in the order of the form', async () => {
    const ana = await signedIn()
    const answer = await ana.fill('/', { secret: 'for each', recipient: THREE })
    expect(answer).toMatchObject({ status: 303, location: '/sent' })
    const links = server.mails.slice(-3).map(({ link }) => link)
    expect(new Set(links).size).toBe(3)

    const page = await ana.get('/sent')
    expect(page).toMatchObject({ status: 200, heading: 'The links were sent' })
    expect(page.text).not.toMatch(/foo@|\/secret\//)
    expect(rowsOf(page)).toEqual([
      ['1', 'fo*****@e*****.com', 'waiting', expect.stringMatching(/^\/private\/[a-z0-9]{31}$/)],
      ['2', 'ba*****@e*****.org', 'waiting', expect.stringMatching(/^\/private\/[a-z0-9]{31}$/)],
      ['3', 'ba*****@e*****.net', 'waiting', expect.stringMatching(/^\/private\/[a-z0-9]{31}$/)],
    ])
    const [, , , second = ''] = rowsOf(page)[1] ?? []
    const receipt = await ana.get(second)
    expect(receipt.heading).toBe('The link was sent')
    expect(receipt.text).toContain(`>${links[1]}</code>`)

    const open = async (link = '') => (await new Visitor(server).fill(new URL(link).pathname)).text
    expect(await open(links[1])).toContain('for each')
    expect(rowsOf(await ana.get('/sent')).map(([, , state]) => state)).toEqual([
      'waiting',
      'opened',
      'waiting',
    ])
    expect(await open(links[0])).toContain('for each')
    expect(await open(links[2])).toContain('for each')
  })

  it('is one secret for one recipient, even when named twice, and leads to its receipt', async () => {
    const ana = await signedIn()
    const before = server.mails.length
    const { location } = await ana.fill('/', { secret: 'x', recipient: 'foo@example.com foo@example.com' })
    expect(location).toMatch(/^\/private\//)
    expect(server.mails).toHaveLength(before + 1)
  })

  it('still is one secret with one link by the API', async () => {
    const before = server.mails.length
    const both = '?recipient=foo@example.com&recipient=bar@example.org'
    await api(server, basic()).post(`/share${both}`, { secret: 'x' })
    const sent = server.mails.slice(before)
    expect(sent.map(({ to }) => to)).toEqual(['foo@example.com', 'bar@example.org'])
    expect(new Set(sent.map(({ link }) => link)).size).toBe(1)
  })
})

describe('the page of links that were sent', () => {
  it('is there for an hour, in a cookie that scripts and people cannot read', async () => {
    const ana = await signedIn()
    const answer = await ana.fill('/', { secret: 'x', recipient: THREE })
    const [cookie] = cookiesOf(answer)
    expect(cookie?.name).toBe('__Host-sent')
    expect(cookie?.attributes.split('; ').sort()).toEqual(
      ['HttpOnly', `Max-Age=${HOUR}`, 'Path=/', 'SameSite=Strict', 'Secure'].sort(),
    )
    const [, , , path = ''] = rowsOf(await ana.get('/sent'))[0] ?? []
    const bytes = Buffer.from(cookie?.value ?? '', 'base64url').toString('latin1')
    expect(bytes).not.toContain(path.slice('/private/'.length))
    server.clock.advance(HOUR - 1)
    expect(rowsOf(await ana.get('/sent'))).toHaveLength(3)
    server.clock.advance(1)
    expect(await ana.get('/sent')).toMatchObject({ status: 303, location: '/recent' })
  })

  it('is for neither another account nor a browser that was signed out', async () => {
    const ana = await signedIn()
    await ana.fill('/', { secret: 'x', recipient: THREE })
    await ana.submit(await ana.get('/'), '/signout')
    expect(await ana.get('/sent')).toMatchObject({ status: 303, location: '/recent' })
    await ana.fill('/signin', BO)
    expect(await ana.get('/sent')).toMatchObject({ status: 303, location: '/recent' })
    expect(await (await signedIn()).get('/sent')).toMatchObject({ status: 303, location: '/recent' })
  })

  it('keeps the places of the others when a receipt has expired, and leads on when all have', async () => {
    const ana = await signedIn()
    await ana.fill('/', { secret: 'x', ttl: '300', recipient: THREE })
    const [, , , path = ''] = rowsOf(await ana.get('/sent'))[0] ?? []
    await ana.submit(await ana.get(path), `${path}/burn`)
    expect(rowsOf(await ana.get('/sent'))[0]?.[2]).toBe('deleted')
    server.clock.advance(601)
    expect(await ana.get('/sent')).toMatchObject({ status: 303, location: '/recent' })
  })
})

describe('when some emails fail', () => {
  let smtp: TestSmtpServer
  let mailing: TestServer
  beforeAll(async () => {
    smtp = await startSmtpServer('accept', [], {
      onRcptTo: ({ address }, _session, callback) =>
        callback(
          address.startsWith('no')
            ? Object.assign(new Error('5.1.1 unknown'), { responseCode: 550 })
            : undefined,
        ),
    })
    mailing = await startTestServer({
      accounts: { [ANA.email]: ANA.token, [BO.email]: BO.token },
      settings: { SMTP_URL: smtp.url, MAIL_FROM: 'once@example.com' },
    })
  })
  afterAll(async () => {
    await mailing.close()
    await smtp.close()
  })
  const stored = async () => (await api(mailing, basic()).get('/private/recent')).body as unknown as object[]

  it('the page says who got a link and who did not, and the form comes back for these alone', async () => {
    const ana = await signedIn(mailing)
    const page = await ana.fill('/', {
      secret: 'two\r\nlines',
      passphrase: 'tulip',
      ttl: '3600',
      recipient: 'no-1@example.com, foo@example.com, no-2@example.org, bar@example.net',
    })
    expect(page.status).toBe(502)
    const links = [...page.text.matchAll(/<li><bdi>(.*?)<\/bdi> <a href="(\/private\/.*?)">Receipt</g)]
    expect(links.map(([, address]) => address)).toEqual(['foo@example.com', 'bar@example.net'])
    expect(page.text).toContain(
      'Not sent to \u2068no-1@example.com\u2069 and \u2068no-2@example.org\u2069. No secret was stored for these',
    )
    expect(page.text).toContain('>\ntwo\nlines</textarea>')
    expect(page.text).toMatch(
      /value="no-1@example.com, no-2@example.org" id="recipient"[^>]*aria-invalid="true"/,
    )
    expect(page.text).toContain('<option value="3600" selected>')
    expect(page.text).toContain('value="tulip"')
    expect(await stored()).toHaveLength(2)
    expect(smtp.emails.map(({ envelope }) => envelope.to[0])).toEqual(
      expect.arrayContaining(['foo@example.com', 'bar@example.net']),
    )
    for (const [, address = '', path = ''] of links) {
      const receipt = await ana.get(path)
      expect(receipt.heading, address).toBe('The link was sent')
    }

    const again = await ana.submit(page, '/', { secret: 'two\r\nlines', recipient: 'yes@example.com' })
    expect(again).toMatchObject({ status: 303, location: expect.stringMatching(/^\/private\//) })
    expect(await stored()).toHaveLength(3)
  })

  it('a reload of that page sends no link again, and the form for the others is a new one', async () => {
    const ana = await signedIn(mailing)
    const form: Record<string, string> = { ...fieldsIn(await ana.get('/')), secret: 'x' }
    const recipient = 'no-1@example.com, Foo@example.com, foo@example.com'
    const [before, emails] = [await stored(), smtp.emails.length]
    const page = await ana.post('/', { ...form, recipient })
    const reloaded = await ana.post('/', { ...form, recipient })
    for (const { status, text } of [page, reloaded]) {
      expect(status).toBe(502)
      expect(text).toContain('<bdi>Foo@example.com</bdi>')
      expect(text).toMatch(/value="no-1@example.com" id="recipient"/)
    }
    expect(linksIn(reloaded)).toEqual(linksIn(page))
    expect(await stored()).toHaveLength(before.length + 1)
    expect(smtp.emails).toHaveLength(emails + 1)

    const changed = await ana.post('/', { ...form, recipient: 'foo@example.com, bar@example.net' })
    expect(changed.location).toBe('/sent')
    const retried = await ana.post('/', { ...fieldsIn(reloaded), recipient: 'foo@example.com' })
    expect(retried).toMatchObject({ status: 303, location: expect.stringMatching(/^\/private\//) })
    const bo = await signedIn(mailing, BO)
    bo.cookies.set('partly_sent', ana.cookies.get('partly_sent') ?? '')
    const foreign = { ...form, ...fieldsIn(await bo.get('/')), copy: form['copy'] ?? '', secret: 'x' }
    expect((await bo.post('/', { ...foreign, recipient: 'foo@example.com' })).status).toBe(303)
  })

  it('nothing is stored when all fail, and the form keeps all addresses', async () => {
    const ana = await signedIn(mailing)
    const before = await stored()
    const page = await ana.fill('/', { secret: 'kept', recipient: 'no-1@example.com, no-2@example.org' })
    expect(page.status).toBe(502)
    expect(page.text).toContain('The email could not be sent, so the secret was not stored.')
    expect(page.text).not.toContain('Already sent')
    expect(page.text).toContain('value="no-1@example.com, no-2@example.org"')
    expect(page.text).toContain('>\nkept</textarea>')
    expect(await stored()).toEqual(before)
  })
})

it('each recipient counts against the rate limit, and beyond it nothing is created', async () => {
  const small = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'account-create=4/600' },
  })
  try {
    const ana = await signedIn(small)
    expect((await ana.fill('/', { secret: 'x', recipient: THREE })).location).toBe('/sent')
    const page = await ana.fill('/', { secret: 'kept', recipient: 'a@example.com, b@example.com' })
    expect(page.status).toBe(429)
    expect(page.text).toContain('Please try again in 10 minutes.')
    expect(page.text).toContain('value="a@example.com, b@example.com"')
    expect(small.mails).toHaveLength(3)
    expect((await ana.fill('/', { secret: 'x', recipient: 'a@example.com' })).status).toBe(303)
    small.clock.advance(600)
    const many = Array.from({ length: 5 }, (_, index) => `${index}@example.com`).join()
    const never = await ana.fill('/', { secret: 'kept', recipient: many })
    expect(never.status).toBe(400)
    expect(never.text).toContain('You can send the link to at most 4 addresses.')
  } finally {
    await small.close()
  }
})
