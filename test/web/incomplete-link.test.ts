import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCALES, translate } from '../../src/i18n/catalog.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { type Api, api, unknownSecret } from '../api/client.ts'
import { holds } from '../support/properties.ts'
import { escaped, Visitor } from './visitor.ts'

const BASE = '/once'
const UNKNOWN_KEY = 'a'.repeat(31)

let server: TestServer
let client: Api
let visitor: Visitor
beforeAll(async () => {
  server = await startTestServer({ settings: { PUBLIC_URL: `http://secrets.example.com${BASE}` } })
  client = api(server)
  visitor = new Visitor(server)
})
afterAll(() => server.close())

async function share() {
  const { body } = await client.post('/share', { secret: 'still here' })
  return { secretKey: String(body.secret_key), receiptKey: String(body.metadata_key) }
}

/** Returns a page without what names its link. */
async function page(path: string, headers: Readonly<Record<string, string>> = {}) {
  const { status, heading, text, headers: sent } = await new Visitor(server, headers).get(path)
  const { date: _date, 'x-request-id': _id, 'content-length': _length, ...others } = sent
  return { status, heading, text: text.replaceAll(/"[^"]*\?language=/g, '"?language='), headers: others }
}

describe('F39: a link that picked something up on its way leads to the clean one', () => {
  it.each([
    'KEY.',
    'KEY)',
    'KEY>',
    'KEY,',
    'KEY%20',
    'KEY"',
    'KEY%22',
    'KEY%E2%80%9D',
    'KEYx',
    'KEYand%20more',
    'KEY.%0D%0A',
    'KEY&gt;',
    'KEY%2520',
    '<KEY>',
    '%3CKEY%3E',
    '(KEY)',
    '[KEY].',
    '%20KEY',
    '%E2%80%8BKEY%E2%80%8B',
    'KEY/.',
    'KEY/burned',
  ])('%s', async (form) => {
    const { secretKey, receiptKey } = await share()
    for (const [page, key, clean] of [
      ['secret', secretKey, 'secret'],
      ['private', receiptKey, 'private'],
      ['receipt', receiptKey, 'private'],
      ['metadata', receiptKey, 'private'],
    ] as const) {
      const location = `${BASE}/${clean}/${key}`
      expect(await visitor.get(`/${page}/${form.replace('KEY', key)}`)).toMatchObject({
        status: 303,
        location,
      })
      expect((await visitor.send('HEAD', `/${page}/${form.replace('KEY', key)}`)).location).toBe(location)
      expect((await visitor.get(location)).status).toBe(200)
    }
  })

  it('in capitals, of the key or the whole path', async () => {
    const { secretKey } = await share()
    const capital = secretKey.toUpperCase()
    const sentence = secretKey.replace(/[a-z]/, (letter) => letter.toUpperCase())
    for (const path of [
      `/secret/${capital}`,
      `/secret/${sentence}`,
      `/SECRET/${capital}`,
      `/Secret/${secretKey}`,
    ]) {
      expect((await visitor.get(path)).location).toBe(`${BASE}/secret/${secretKey}`)
    }
  })

  it('in two parts, as a wrapped email leaves it', async () => {
    const { secretKey } = await share()
    const wrapped = `/secret/${secretKey.slice(0, 9)}%0D%0A%20${secretKey.slice(9)}`
    expect((await visitor.get(wrapped)).location).toBe(`${BASE}/secret/${secretKey}`)
  })

  it('whether or not there is a secret, with the same response', async () => {
    const { secretKey } = await share()
    const [there, unknown] = await Promise.all([secretKey, UNKNOWN_KEY].map((key) => page(`/secret/${key}.`)))
    expect(there?.headers['location']).toBe(`${BASE}/secret/${secretKey}`)
    expect(JSON.stringify(unknown).replaceAll(UNKNOWN_KEY, secretKey)).toBe(JSON.stringify(there))
  })

  it('and only to a path of this site, whatever the link was', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 })
    await holds(
      fc.asyncProperty(
        fc.constantFrom('secret', 'private', 'SECRET'),
        text,
        text,
        async (name, before, after) => {
          const path = `/${name}/${encodeURIComponent(before)}${UNKNOWN_KEY}${encodeURIComponent(after)}`
          const { status, location } = await visitor.get(path)
          expect([303, 404]).toContain(status)
          if (status === 303) expect(location).toMatch(/^\/once\/(secret|private)\/[a-z0-9]{31}$/)
        },
      ),
    )
  })
})

describe('F39: a link that was cut off is incomplete, not gone', () => {
  it.each(['KEY', 'KEY.', '<KEY', 'KEY%20%20%20', 'KEY-------------', ''])('%s', async (form) => {
    const { secretKey, receiptKey } = await share()
    for (const [page, key] of [
      ['secret', secretKey.slice(0, 30)],
      ['secret', secretKey.slice(0, 1)],
      ['private', receiptKey.slice(0, 20)],
      ['receipt', receiptKey.slice(0, 20)],
    ] as const) {
      const answer = await visitor.get(`/${page}/${form.replace('KEY', key)}`)
      expect(answer).toMatchObject({ status: 404, heading: 'This link is incomplete' })
      expect(answer.text).not.toContain('There is no secret here')
    }
    expect((await client.get(`/private/${receiptKey}`)).body['state']).toBe('new')
  })

  it('also without anything after the page', async () => {
    for (const path of ['/secret', '/secret/', '/private', '/receipt/']) {
      expect((await visitor.get(path)).heading).toBe('This link is incomplete')
    }
  })

  it('says the same whether or not there is a secret', async () => {
    const { secretKey } = await share()
    const [there, ...others] = await Promise.all(
      [secretKey.slice(0, 30), UNKNOWN_KEY.slice(1), 'short', '..%2f..%2fetc', '%3Cscript%3E'].map((key) =>
        page(`/secret/${key}`),
      ),
    )
    for (const other of others) expect(other).toEqual(there)
  })

  it.each(LOCALES)('in the language of its reader: %s', async (locale) => {
    const { text, heading } = await page('/secret/cut', { 'Accept-Language': locale })
    expect(heading).toBe(escaped(translate(locale, 'incomplete.title')))
    expect(text).toContain(`<p class="lead">${escaped(translate(locale, 'incomplete.lead'))}</p>`)
  })
})

it('F39: the API knows no such links (docs/api/v1.md section 5)', async () => {
  const { secretKey, receiptKey } = await share()
  for (const key of [`${secretKey}.`, `${secretKey}x`, secretKey.toUpperCase(), secretKey.slice(1)]) {
    expect(await client.post(`/secret/${key}`)).toEqual(unknownSecret(key))
  }
  expect((await client.get(`/private/${receiptKey}`)).body['state']).toBe('new')
})
