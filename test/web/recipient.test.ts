import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, basic } from '../api/client.ts'
import { escaped, Visitor, withoutMarks } from './visitor.ts'

const UNKNOWN_KEY = 'a'.repeat(31)

let server: TestServer
let client: Api
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS },
  })
  client = api(server)
})
afterAll(() => server.close())

async function share(params: Record<string, string>) {
  const { body } = await client.post('/share', params)
  return body
}
const stateOf = async (receiptKey: string) => (await client.get(`/private/${receiptKey}`)).body['state']

describe('F5: opening the secret link', () => {
  it('reveals nothing and changes nothing, whether by a person, a prefetch, a link preview or HEAD', async () => {
    const { secret_key, metadata_key } = await share({ secret: 'for one reader' })
    const path = `/secret/${secret_key}`
    for (const headers of [
      {},
      { 'Sec-Purpose': 'prefetch' },
      { 'User-Agent': 'Slackbot-LinkExpanding 1.0' },
    ]) {
      const page = await new Visitor(server).get(path, headers)
      expect(page).toMatchObject({ status: 200, heading: 'A secret is waiting for you' })
      expect(page.text).not.toContain('for one reader')
    }
    expect((await new Visitor(server).send('HEAD', path)).status).toBe(200)
    expect(await stateOf(metadata_key)).toBe('new')
    expect((await client.post(path)).body.value).toBe('for one reader')
  })

  it('asks for a passphrase only when the secret is protected', async () => {
    const open = await share({ secret: 'x' })
    const closed = await share({ secret: 'x', passphrase: 'tulip' })
    const visitor = new Visitor(server)
    expect((await visitor.get(`/secret/${open.secret_key}`)).text).not.toContain('type="password"')
    expect((await visitor.get(`/secret/${closed.secret_key}`)).text).toContain('type="password"')
  })
})

it('reveals a secret once, and then shows that there is none', async () => {
  const { secret_key, metadata_key } = await share({ secret: 'the code is 4711' })
  const path = `/secret/${secret_key}`
  const visitor = new Visitor(server)
  const waiting = await visitor.get(path)
  const opened = await visitor.submit(waiting, path)
  expect(opened).toMatchObject({ status: 200, heading: 'Your secret' })
  expect(opened.text).toContain('>\nthe code is 4711</pre>')
  expect(await visitor.submit(waiting, path)).toMatchObject({
    status: 404,
    heading: 'There is no secret here',
  })
  expect(await visitor.get(path)).toMatchObject({ status: 404, heading: 'There is no secret here' })
  expect(await stateOf(metadata_key)).toBe('received')
})

it('shows the same page for a revealed, burned, expired and unknown secret key', async () => {
  const [opened, burned, expired] = [
    await share({ secret: 'x' }),
    await share({ secret: 'x' }),
    await share({ secret: 'x', ttl: '60', passphrase: 'tulip' }),
  ]
  await client.post(`/secret/${opened.secret_key}`)
  await client.post(`/private/${burned.metadata_key}/burn`)
  server.clock.advance(61)
  const keys = [opened, burned, expired].map((metadata) => metadata.secret_key)
  const pages = await Promise.all(
    [...keys, UNKNOWN_KEY].map(async (key) => {
      const visitor = new Visitor(server)
      const page = await visitor.get(`/secret/${key}`)
      return { status: page.status, text: page.text.replaceAll(/\/secret\/[^"?]*\?/g, '/secret/KEY?') }
    }),
  )
  expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([404]))
  expect(new Set(pages.map(({ text }) => text)).size).toBe(1)
})

describe('a wrong passphrase', () => {
  it('F2: is rejected, costs nothing, and leaves few attempts that the page counts before a pause', async () => {
    const { secret_key, metadata_key } = await share({ secret: 'kept', passphrase: 'tulip' })
    const path = `/secret/${secret_key}`
    const visitor = new Visitor(server)
    let page = await visitor.get(path)
    const left: (string | undefined)[] = []
    for (let i = 0; i < 5; i++) {
      page = await visitor.submit(page, path, { passphrase: 'rose' })
      expect(page.status).toBe(400)
      expect(page.text).toContain('That passphrase is wrong. The secret is still here.')
      left.push(/You have (\d) attempts? left/.exec(page.text)?.[1])
    }
    expect(left).toEqual([undefined, '3', '2', '1', undefined])
    const nextAttempt = Math.ceil((server.clock.now() + 600_000) / 60_000) * 60_000
    const time = `Next attempt: <time datetime="${new Date(nextAttempt).toISOString()}">`
    expect(page.text).toContain(time)
    const paused = await visitor.submit(page, path, { passphrase: 'tulip' })
    expect(paused).toMatchObject({ status: 429, heading: 'A secret is waiting for you' })
    expect(paused.headers['retry-after']).toBe('600')
    expect(paused.text).toContain('Please try again in 10 minutes.')
    expect(paused.text).toContain(time)
    expect(await stateOf(metadata_key)).toBe('new')
    server.clock.advance(601)
    expect((await visitor.submit(paused, path, { passphrase: 'rose' })).status).toBe(400)
    expect((await visitor.submit(page, path, { passphrase: 'tulip' })).text).toContain('>\nkept</pre>')
  })

  it('does not count as a passphrase attempt when it is empty', async () => {
    const { secret_key } = await share({ secret: 'kept', passphrase: 'tulip' })
    const path = `/secret/${secret_key}`
    const visitor = new Visitor(server)
    for (let i = 0; i < 7; i++) expect((await visitor.fill(path)).status).toBe(400)
    expect((await visitor.fill(path, { passphrase: 'tulip' })).status).toBe(200)
  })

  it('F19: differs from the right one by its spaces and umlauts', async () => {
    const passphrase = '  grün  & blau+1 '
    const { secret_key } = await share({ secret: 'kept', passphrase })
    const path = `/secret/${secret_key}`
    const visitor = new Visitor(server)
    expect((await visitor.fill(path, { passphrase: passphrase.trim() })).status).toBe(400)
    expect((await visitor.fill(path, { passphrase })).status).toBe(200)
  })
})

describe('F8: a hostile secret', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "</pre></main><a href='javascript:alert(1)'>click</a>",
    '{{7*7}} \u0024{7*7} <%= 7*7 %> #{7*7}',
    '&lt;b&gt; &amp;amp; &#60;',
    '\u202egnp.exe',
  ]
  it.each(HOSTILE)('%j is shown as text', async (secret) => {
    const { secret_key } = await share({ secret })
    const page = await new Visitor(server).fill(`/secret/${secret_key}`)
    expect(withoutMarks(page.text)).toContain(`>\n${escaped(secret)}</pre>`)
    expect(page.text.match(/<script/g)).toHaveLength(1)
  })

  it('can be saved as a file to the byte when markup cannot carry it', async () => {
    const secret = '\n\r\n nul \0 and\rmore\n'
    const { secret_key } = await share({ secret })
    const { text } = await new Visitor(server).fill(`/secret/${secret_key}`)
    expect(withoutMarks(text)).toContain('>\n\n&#13;\n nul ␀ and&#13;more\n</pre>')
    const base64 = /href="data:text\/plain;charset=utf-8;base64,([^"]+)"/.exec(text)?.[1] ?? ''
    expect(Buffer.from(base64, 'base64').toString()).toBe(secret)
  })

  it.each([' ', '\n', '\r', '\0', '\ufeff', '\u{1d54a}', 'short', 'x'.repeat(1001)])(
    'can be saved as a file to the byte, whatever it is: %j',
    async (secret) => {
      const { secret_key } = await share({ secret })
      const { text } = await new Visitor(server).fill(`/secret/${secret_key}`)
      const [, base64 = ''] = /download="secret\.txt" href="data:[^,]+,([^"]+)"/.exec(text) ?? []
      expect(Buffer.from(base64, 'base64')).toEqual(Buffer.from(secret))
    },
  )
})

describe('the page of a waiting secret', () => {
  async function create(fields: Record<string, string>) {
    const ana = new Visitor(server)
    await ana.fill('/signin', ANA)
    const { location = '' } = await ana.fill('/', { secret: 'x', ...fields })
    const [, path = ''] = /(\/secret\/[a-z0-9]{31})</.exec((await ana.get(location)).text) ?? []
    return { path, state: () => stateOf(location.slice('/private/'.length)) }
  }

  it('says who sent the secret only if the sender chose so, and changes nothing by saying it', async () => {
    const [told, untold] = [await create({ tell_sender: 'yes', passphrase: 'tulip' }), await create({})]
    for (const _ of [1, 2]) {
      expect((await new Visitor(server).get(told.path)).text).toContain('<bdi>ana@example.com</bdi>')
    }
    const page = await new Visitor(server).fill(told.path, { passphrase: 'rose' })
    expect(page.text).toContain('<bdi>ana@example.com</bdi>')
    expect((await new Visitor(server).get(untold.path)).text).not.toContain('ana@')
    expect(await told.state()).toBe('viewed')
    expect((await new Visitor(server).fill(told.path, { passphrase: 'tulip' })).heading).toBe('Your secret')
  })

  it('offers the choice to people who are signed in, off until they make it', async () => {
    const ana = new Visitor(server)
    expect((await ana.get('/')).text).not.toContain('tell_sender')
    await ana.fill('/signin', ANA)
    const box = /<input type="checkbox" name="tell_sender"[^>]*>/
    expect(box.exec((await ana.get('/')).text)?.[0]).not.toContain('checked')
    const rejected = await ana.fill('/', { secret: '', tell_sender: 'yes' })
    expect(box.exec(rejected.text)?.[0]).toContain('checked')
  })

  it('tells nobody who sent a secret of the API or of an anonymous sender', async () => {
    const { secret_key } = await share({ secret: 'x', tell_sender: 'yes' })
    const page = await new Visitor(server).get(`/secret/${secret_key}`)
    expect(page.text).not.toContain('<dt>From</dt>')
    const own = await api(server, basic()).post('/share', { secret: 'x', tell_sender: 'yes' })
    expect((await new Visitor(server).get(`/secret/${own.body.secret_key}`)).text).not.toContain('ana@')
  })

  it('says until when the secret is available, and what the page is', async () => {
    const { secret_key } = await share({ secret: 'x', ttl: '3600' })
    const expires = new Date(Math.floor(server.clock.now()) + 3_600_000).toISOString()
    const { text } = await new Visitor(server).get(`/secret/${secret_key}?language=de`)
    expect(text).toContain(`<dt>Verfügbar bis</dt><dd><time datetime="${expires}">`)
    expect(text).toContain('<summary>Was ist das?</summary>\n<p>Mit Emberlink')
  })
})

describe('characters in a revealed text that cannot be seen or change its direction', () => {
  it.each([
    ['one\u200btwo', 'one[U+200B]two'],
    ['\u202egnp.exe\u202c', '[U+202E]gnp.exe[U+202C]'],
    ['\ufeffa\u00adb\u{e0041}', '[U+FEFF]a[U+00AD]b[U+E0041]'],
    ['a\0\u0007\u0085b', 'a[U+0000 U+0007 U+0085]b'],
    [`a${'\u2060'.repeat(40)}b`, `a[${'U+2060 '.repeat(6).trim()}…]b`],
    ['bare\rreturn', 'bare[U+000D]return'],
    ['rm\u00a0-rf', 'rm[U+00A0]-rf'],
    ['<\u2066&\u2069>', '&lt;[U+2066]&amp;[U+2069]&gt;'],
  ])('are marked with their numbers: %j', async (secret, shown) => {
    const { text } = await new Visitor(server).fill(`/secret/${(await share({ secret })).secret_key}`)
    const [, markup = ''] = /<pre[^>]*>\n([\s\S]*)<\/pre>/.exec(text) ?? []
    const visible = markup.replace(
      /<span class="mark" role="img" aria-label="([^"]*)">[^<]*<\/span>/g,
      '[$1]',
    )
    expect(visible).toBe(shown)
    expect(text).toContain('The text contains characters that are invisible or change its direction.')
  })

  it.each([
    'plain, with\ttabs\r\nand\nbreaks',
    '👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ ☎︎',
    'می‌خواهم, क्‍ष',
    'Prêt\u00a0? «\u00a0oui\u00a0»\u202f: 10\u00a0000\u202f€',
    '日本\u3000語 葛\u{e0100}',
  ])('are not marked where they belong: %j', async (secret) => {
    const { text } = await new Visitor(server).fill(`/secret/${(await share({ secret })).secret_key}`)
    expect(text).not.toContain('class="mark"')
  })

  it('are marked within bounds, so that no secret makes a huge page', async () => {
    const large = await startTestServer({ settings: { SECRET_MAX_BYTES: '1048576' } })
    try {
      const { body } = await api(large).post('/share', { secret: 'a\u200b'.repeat(250_000) })
      const { text } = await new Visitor(large).fill(`/secret/${body.secret_key}`)
      expect(text.match(/class="mark"/g)).toHaveLength(10_001)
    } finally {
      await large.close()
    }
  })
})

it('revealing counts against the rate limit of the client network', async () => {
  const small = await startTestServer({ settings: { RATE_LIMIT: 'reveal=1/600' } })
  try {
    const visitor = new Visitor(small)
    const shared = await Promise.all([1, 2].map(() => api(small).post('/share', { secret: 'x' })))
    const statuses: number[] = []
    for (const { body } of shared) statuses.push((await visitor.fill(`/secret/${body.secret_key}`)).status)
    expect(statuses).toEqual([200, 429])
  } finally {
    await small.close()
  }
})

it('F1: of many recipients who press the button at once, one reads the secret', async () => {
  const { secret_key } = await share({ secret: 'only one of you' })
  const path = `/secret/${secret_key}`
  const pages = await Promise.all(Array.from({ length: 12 }, () => new Visitor(server).fill(path)))
  expect(pages.filter(({ text }) => text.includes('only one of you'))).toHaveLength(1)
  expect(pages.filter(({ status }) => status === 404)).toHaveLength(11)
})
