import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { api, basic } from '../api/client.ts'
import { escaped, type PageAnswer, Visitor } from './visitor.ts'

const DAY = 86_400
const ACCOUNTS = Array.from({ length: 16 }, (_, index) => ({
  email: `user${index}@example.com`,
  token: `token-of-user-${index}-9876543210`,
}))

let server: TestServer
beforeAll(async () => {
  const accounts = Object.fromEntries(ACCOUNTS.map(({ email, token }) => [email, token]))
  server = await startTestServer({ accounts, settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS } })
})
afterAll(() => server.close())

/** Each test has an account of its own, and one that is another's. */
let own: (typeof ACCOUNTS)[number]
let foreign: typeof own
let visitor: Visitor
beforeEach(async () => {
  own = ACCOUNTS.shift() as typeof own
  foreign = ACCOUNTS[0] as typeof own
  visitor = new Visitor(server)
  await visitor.fill('/signin', own)
})

interface Created {
  readonly receipt: string
  readonly secret: string
}

async function share(params: Readonly<Record<string, string>> = {}, account = own): Promise<Created> {
  const client = api(server, basic(account.email, account.token))
  const { metadata_key, secret_key } = (await client.post('/share', { secret: 'x', ...params })).body
  return { receipt: metadata_key, secret: secret_key }
}

/** Writes a note on a receipt. */
async function note({ receipt }: Created, memo: string): Promise<void> {
  const path = `/private/${receipt}`
  expect((await visitor.submit(await visitor.get(path), `${path}/memo`, { memo })).status).toBe(303)
}

/** Returns the parts of a page with one entry each. */
function entriesIn({ text }: PageAnswer): string[] {
  const parts = text.split('<li>').map((part) => part.slice(0, part.indexOf('</li>')))
  return parts.filter((part) => part.includes('<h2'))
}
const keysIn = (page: PageAnswer) =>
  entriesIn(page).map((entry) => /href="\/private\/([a-z0-9]{31})"/.exec(entry)?.[1])
/** Returns the text of a part of a page as it is read. */
const readable = (part = '') =>
  part
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** Sends a form with parameters that may be repeated. */
function sendAll(page: PageAnswer, fields: readonly (readonly [string, string])[]): Promise<PageAnswer> {
  const token = /action="\/recent\/burn"[\s\S]*?name="csrf_token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const body = new URLSearchParams([
    ['csrf_token', token],
    ...fields.map(([name, value]): [string, string] => [name, value]),
  ]).toString()
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(body.length),
  }
  return visitor.send('POST', '/recent/burn', headers, body)
}

const selected = (...secrets: Created[]) => secrets.map(({ receipt }) => ['key', receipt] as const)

describe('the list of recent secrets', () => {
  it('shows for each secret its short key, note, state in words, time left, passphrase and recipients', async () => {
    const first = await share({ ttl: String(7 * DAY), passphrase: 'tulip', recipient: 'foo@example.com' })
    await note(first, 'wifi <b>& guests')
    const opened = await share()
    await api(server).post(`/secret/${opened.secret}`)
    server.clock.advance(5 * DAY)
    await visitor.fill('/signin', own)
    const [late, early] = entriesIn(await visitor.get('/recent'))
    const words = readable(early)
    expect(words).toContain(`wifi ${escaped('& guests')} ${first.receipt.slice(0, 8)}`)
    expect(words).toContain('● waiting expires in 2 days Passphrase: required')
    expect(words).toContain('Sent to fo*****@e*****.com')
    expect(early).toContain(`<code dir="ltr" hidden>${server.url}/secret/${first.secret}</code>`)
    expect(readable(late)).toMatch(new RegExp(`^${opened.receipt.slice(0, 8)} ✓ opened .* UTC Created `))
    expect(late).not.toMatch(/checkbox|data-copy|\/secret\//)
  })

  it('has another word and symbol for each state', async () => {
    const [opened, burned] = [await share(), await share()]
    await share({ ttl: '60' })
    await api(server).post(`/secret/${opened.secret}`)
    await api(server).post(`/private/${burned.receipt}/burn`)
    server.clock.advance(60)
    await share()
    const words = entriesIn(await visitor.get('/recent')).map(
      (entry) => /class="state \w+">(.*)<\/span> /.exec(entry)?.[1],
    )
    expect(words.map(readable)).toEqual(['● waiting', '– expired', '✕ deleted', '✓ opened'])
  })

  it('filters by state and searches in notes, which the links and forms of the page keep', async () => {
    const [cafe, tea, opened] = [await share(), await share(), await share()]
    await note(cafe, 'CAFÉ in Rome')
    await note(tea, 'tea')
    await note(opened, 'café, read')
    await api(server).post(`/secret/${opened.secret}`)
    const listed = async (query: string) => keysIn(await visitor.get(`/recent${query}`))
    expect(await listed('')).toEqual([opened.receipt, tea.receipt, cafe.receipt])
    expect(await listed('?state=received')).toEqual([opened.receipt])
    expect(await listed('?state=new')).toEqual([tea.receipt, cafe.receipt])
    expect(await listed('?q=caf%C3%A9')).toEqual([opened.receipt, cafe.receipt])
    expect(await listed('?state=new&q=+Cafe%CC%81+')).toEqual([cafe.receipt])
    const page = await visitor.get('/recent?state=new&q=caf%C3%A9')
    expect(page.text).toContain('1 secret <a href="/recent">Show all</a>')
    expect(page.text).toContain('value="new" selected')
    expect(page.text).toContain('name="q" dir="auto" autocomplete="off" maxlength="200" value="café"')
    expect(page.text).toContain('href="/recent?state=new&amp;q=caf%C3%A9&amp;language=it"')
    expect(page.text).toContain('<input type="hidden" name="q" value="café">')
  })

  it('says so when nothing matches, and shows everything for an unknown query', async () => {
    const { receipt } = await share()
    const none = await visitor.get('/recent?q=nothing')
    expect(none.text).toContain('No secret matches. <a href="/recent">Show all</a>')
    expect(entriesIn(none)).toEqual([])
    for (const query of [
      '?state=viewed',
      '?page=0',
      '?page=-1',
      '?page=x',
      '?page=9',
      '?q=+',
      '?%ff',
      '?q[]=x',
    ])
      expect(keysIn(await visitor.get(`/recent${query}`)), query).toEqual([receipt])
  })

  it('counts a secret as waiting, whether its receipt was viewed or not', async () => {
    const { receipt } = await share()
    await visitor.get(`/private/${receipt}`)
    expect(readable(entriesIn(await visitor.get('/recent?state=new'))[0])).toContain('● waiting')
  })

  it('shows 50 secrets on a page, newest first, with stable links to the others', async () => {
    const created = await Promise.all(Array.from({ length: 120 }, () => share({ ttl: '3600' })))
    const order = []
    for (const page of [1, 2, 3]) order.push(keysIn(await visitor.get(`/recent?page=${page}`)))
    expect(order.map(({ length }) => length)).toEqual([50, 50, 20])
    expect(new Set(order.flat())).toEqual(new Set(created.map(({ receipt }) => receipt)))
    const second = await visitor.get('/recent?page=2&state=new')
    expect(keysIn(second)).toEqual(order[1])
    expect(second.text).toContain('120 secrets')
    expect(second.text).toContain('<p aria-current="page">Page 2 of 3</p>')
    expect(second.text).toMatch(/rel="prev" href="\/recent\?state=new"/)
    expect(second.text).toMatch(/rel="next" href="\/recent\?page=3&amp;state=new"/)
    expect(keysIn(await visitor.get('/recent?page=99'))).toEqual(order[2])
    expect((await visitor.get('/recent')).text).not.toContain('rel="prev"')
  })
})

describe('burning secrets from the list', () => {
  it('asks first and names how many, then burns each, and says so', async () => {
    const [one, other, kept] = [await share(), await share(), await share()]
    const asked = await sendAll(await visitor.get('/recent?state=new'), [
      ...selected(one, other),
      ['state', 'new'],
    ])
    expect(asked).toMatchObject({ status: 200, heading: 'Delete 2 secrets' })
    expect(asked.text).toContain('href="/recent?state=new"')
    expect(await states(one, other, kept)).toEqual(['new', 'new', 'new'])
    const burned = await sendAll(asked, [...selected(one, other), ['confirmed', 'yes']])
    expect(burned).toMatchObject({ status: 200, heading: '2 secrets deleted' })
    expect(entriesIn(burned).map(readable)).toEqual(
      [other, one].map(({ receipt }) => `${receipt.slice(0, 8)} ✕ deleted`),
    )
    expect(await states(one, other, kept)).toEqual(['burned', 'burned', 'new'])
  })

  it('asks for the passphrase of each protected secret, and says which ones were not burned and why', async () => {
    const [plain, right, wrong, missing] = [
      await share(),
      await share({ passphrase: 'tulip' }),
      await share({ passphrase: 'tulip' }),
      await share({ passphrase: 'tulip' }),
    ]
    const all = selected(plain, right, wrong, missing)
    const asked = await sendAll(await visitor.get('/recent'), all)
    expect(asked.heading).toBe('Delete 4 secrets')
    expect(asked.text.match(/<input type="password"/g)).toHaveLength(3)
    expect(asked.text).toContain('Without its passphrase, this secret is kept.')
    const burned = await sendAll(asked, [
      ...all,
      ['confirmed', 'yes'],
      [`passphrase-${right.receipt}`, 'tulip'],
      [`passphrase-${wrong.receipt}`, 'rose'],
    ])
    expect(burned.heading).toBe('2 secrets deleted')
    expect(await states(plain, right, wrong, missing)).toEqual(['burned', 'burned', 'new', 'new'])
    const told = (created: Created) =>
      readable(entriesIn(burned).find((entry) => entry.includes(created.receipt.slice(0, 8))))
    expect(told(wrong)).toContain('That passphrase is wrong. The secret is still here.')
    expect(told(missing)).toContain('The passphrase is missing. The secret is still here.')
    expect(burned.text).toContain('>Delete 2 secrets</button>')
    expect(burned.text).not.toContain('rose')
    const again = await sendAll(burned, [
      ...selected(wrong, missing),
      ['confirmed', 'yes'],
      [`passphrase-${wrong.receipt}`, 'tulip'],
      [`passphrase-${missing.receipt}`, 'tulip'],
    ])
    expect(again.heading).toBe('2 secrets deleted')
    expect(await states(wrong, missing)).toEqual(['burned', 'burned'])
  })

  it('says so when a secret was opened meanwhile, and when passphrase attempts have to wait', async () => {
    const [opened, locked] = [await share(), await share({ passphrase: 'tulip' })]
    const page = await visitor.get('/recent')
    await api(server).post(`/secret/${opened.secret}`)
    const asked = await sendAll(page, selected(opened, locked))
    expect(asked.heading).toBe('Delete 1 secret')
    expect(readable(asked.text)).toContain('no longer there: it was opened or deleted, or has expired')
    const fields = [
      ...selected(opened, locked),
      ['confirmed', 'yes'],
      [`passphrase-${locked.receipt}`, 'rose'],
    ] as const
    for (let attempt = 0; attempt < 5; attempt += 1) await sendAll(asked, fields)
    const waiting = await sendAll(asked, fields)
    expect(waiting.heading).toBe('0 secrets deleted')
    expect(waiting.text).toContain('Too many attempts in a short time. Please try again in 10 minutes.')
    const gone = await sendAll(asked, selected(opened))
    expect(gone.heading).toBe('0 secrets deleted')
    expect(gone.text).not.toContain('name="confirmed"')
  })

  it('burns no secret of another account, ignores malformed keys, and rejects more than a page has', async () => {
    const theirs = await share({}, foreign)
    await share()
    const page = await visitor.get('/recent')
    for (const fields of [[], selected(theirs), [['key', 'no key'] as const]]) {
      const answer = await sendAll(page, [...fields, ['confirmed', 'yes']])
      expect(answer).toMatchObject({ status: 400, heading: 'Recent secrets' })
      expect(answer.text).toContain('Select at least one secret first.')
    }
    expect(await states(theirs)).toEqual(['new'])
    const many = Array.from({ length: 51 }, () => ['key', theirs.receipt] as const)
    expect((await sendAll(page, many)).status).toBe(400)
  })

  it('counts against the rate limit of reveals, even before it is confirmed', async () => {
    const small = await startTestServer({
      accounts: { [own.email]: own.token },
      settings: { RATE_LIMIT: 'account-reveal=2/600' },
    })
    try {
      const limited = new Visitor(small)
      await limited.fill('/signin', own)
      await limited.fill('/', { secret: 'x' })
      const page = await limited.get('/recent')
      const key = /name="key" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
      for (const [fields, status] of [
        [{ key }, 200],
        [{}, 400],
        [{ key, confirmed: 'yes' }, 429],
      ] as const)
        expect((await limited.submit(page, '/recent/burn', fields)).status).toBe(status)
    } finally {
      await small.close()
    }
  })

  it('requires an account and the CSRF token of its form', async () => {
    const mine = await share()
    const page = await visitor.get('/recent')
    expect((await visitor.post('/recent/burn', { key: mine.receipt, confirmed: 'yes' })).status).toBe(403)
    visitor.cookies.delete('session')
    const answer = await sendAll(page, [...selected(mine), ['confirmed', 'yes']])
    expect(answer).toMatchObject({ status: 401, heading: 'Sign in' })
    expect(await visitor.get('/recent/burn')).toMatchObject({ status: 303, location: '/recent' })
    expect(await states(mine)).toEqual(['new'])
  })
})

async function states(...secrets: Created[]): Promise<unknown[]> {
  const recent = await Promise.all(
    [own, foreign].map(async ({ email, token }) => {
      const { body } = await api(server, basic(email, token)).get('/private/recent')
      return body as unknown as { metadata_key: string; state: string }[]
    }),
  )
  return secrets.map(
    ({ receipt }) => recent.flat().find(({ metadata_key }) => metadata_key === receipt)?.state,
  )
}
