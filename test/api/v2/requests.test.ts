import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { exchange } from '../../support/wire.ts'
import { ANA } from '../client.ts'
import { ana, type Client, client, error, type Version } from './client.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: 'off', SHARE_DOMAINS: 'links.example.com,ana.example.com=ana@example.com' },
  })
})
afterAll(() => server.close())

const malformed = (reason: string) => error(`Malformed request: ${reason}`, 'FormError')

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 1: requests to %s', (version) => {
  let anybody: Client
  beforeAll(() => {
    anybody = client(server, version)
  })

  async function revealedValue(answer: {
    body: { record: { secret: { identifier: string } } }
  }): Promise<string> {
    const { identifier } = answer.body.record.secret
    const { body } = await anybody.post(`/secret/${identifier}/reveal`, { continue: true })
    return body.record.secret_value
  }

  it.each([
    ['JSON', 'application/json', '{"secret":{"secret":"ä+b","ttl":120}}'],
    ['JSON with a charset', 'application/json; charset=utf-8', '{"secret":{"secret":"ä+b","ttl":"120"}}'],
    ['a form', 'application/x-www-form-urlencoded', 'secret[secret]=%C3%A4%2Bb&secret[ttl]=120'],
    ['an escaped form', 'application/x-www-form-urlencoded', 'secret%5Bsecret%5D=ä%2Bb&secret%5Bttl%5D=120'],
    [
      'multipart',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="secret[secret]"\r\n\r\nä+b\r\n--x\r\nContent-Disposition: form-data; name="secret[ttl]"\r\n\r\n120\r\n--x--\r\n',
    ],
    ['JSON of another type', 'text/plain', ' \n{"secret":{"secret":"ä+b","ttl":120}}'],
    ['a form of another type', 'text/plain', 'secret[secret]=%C3%A4%2Bb&secret[ttl]=120'],
    ['JSON of a malformed type', 'json', '{"secret":{"secret":"ä+b","ttl":120}}'],
  ])('read %s', async (_what, type, body) => {
    const answer = await anybody.call('POST', '/secret/conceal', { body, headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 200, body: { record: { secret: { secret_ttl: 120 } } } })
    expect(await revealedValue(answer)).toBe('ä+b')
  })

  it('read JSON without a type', async () => {
    const body = '{"secret":{"secret":"a"}}'
    const head = `POST /api/${version}/secret/conceal HTTP/1.1\nContent-Length: ${body.length}`
    const answer = await exchange(server.url, head, body)
    expect(answer.status).toBe(200)
  })

  it('take JSON that begins later than 256 bytes for a form', async () => {
    const body = `${' '.repeat(256)}{"secret":{"secret":"a"}}`
    const answer = await anybody.call('POST', '/secret/conceal', { body })
    expect(answer.status).toBe(422)
  })

  it('merge parameters of the query, and let the body win', async () => {
    const query = 'secret[ttl]=120&secret[secret]=query'
    const answer = await anybody.post(`/secret/conceal?${query}`, { secret: { secret: 'body' } })
    expect(answer.body.record.secret.secret_ttl).toBe(120)
    expect(await revealedValue(answer)).toBe('body')
    const { secretKey } = await anybody.conceal()
    const revealed = await anybody.call('POST', `/secret/${secretKey}/reveal?continue=true`)
    expect(revealed.body.record.secret_value).toBe('hunter2')
  })

  it('keep a long number as it was sent', async () => {
    const body = '{"secret":{"secret":12345678901234567890.50}}'
    const answer = await anybody.call('POST', '/secret/conceal', { body })
    expect(await revealedValue(answer)).toBe('12345678901234567890.50')
  })

  it.each(['"x"', '["x"]', '[]', '7', 'true', '[{"secret":"x"}]'])(
    'are rejected with a secret that is no object, %s',
    async (secret) => {
      for (const path of ['/secret/conceal', '/secret/generate', '/guest/secret/conceal']) {
        const answer = await anybody.call('POST', path, {
          body: `{"secret":${secret}}`,
          headers: { 'content-type': 'application/json' },
        })
        expect(answer).toMatchObject({ status: 422 })
        expect(answer.body).toEqual(error('Incorrect payload format', 'FormError', { field: 'secret' }))
      }
    },
  )

  it.each(['secret=x', 'secret[]=x'])('are rejected with a flat secret in a form, %s', async (body) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await anybody.call('POST', '/secret/conceal', { body, headers })
    expect(answer).toMatchObject({ status: 422, body: { error: 'Incorrect payload format' } })
  })

  it('take a secret of null for none', async () => {
    expect((await anybody.post('/secret/conceal', { secret: null })).body).toMatchObject({
      error: 'You did not provide anything to share',
    })
    expect((await anybody.post('/secret/generate', { secret: null })).status).toBe(200)
    expect((await anybody.post('/secret/generate')).status).toBe(200)
  })

  it.each([
    ['application/json', '{"secret":', 'invalid JSON'],
    ['application/json', '[]', 'no JSON object'],
    ['application/json', '{"secret":{"secret":"\\ud800"}}', 'half of a surrogate pair'],
    ['application/json', '{"secret":{"a\\u0000":"x"}}', 'a NUL in the name of a parameter'],
    ['application/x-www-form-urlencoded', 'secret[secret]=%ff', 'invalid percent-encoding'],
    ['text/plain', '{"secret":', 'invalid JSON'],
    ['multipart/form-data; boundary=x', 'no parts', 'invalid multipart body'],
  ])('that cannot be read are answered with 400: %s, %s', async (type, body, reason) => {
    const answer = await anybody.call('POST', '/secret/conceal', { body, headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.body).toEqual(malformed(reason))
  })

  it('with a path that cannot be decoded are answered with 400 in JSON', async () => {
    const answer = await exchange(server.url, `GET /api/${version}/secret/%FF HTTP/1.1`)
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.json()).toEqual(malformed('invalid percent-encoding in the path'))
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('accept doubled and trailing slashes', async () => {
    const { secretKey } = await anybody.conceal()
    for (const path of [
      `//api//${version}//secret//${secretKey}/`,
      `/api/${version}/secret/${secretKey}/status/`,
    ]) {
      expect((await exchange(server.url, `GET ${path} HTTP/1.1`)).status, path).toBe(200)
    }
  })

  it('drop from an identifier what no identifier has, and keep its case', async () => {
    const { secretKey, receiptKey } = await anybody.conceal()
    const around = (key: string) => `%20${key.slice(0, 5)}.${key.slice(5)}%00%C3%A9`
    expect((await anybody.get(`/secret/${around(secretKey)}`)).body.record.identifier).toBe(secretKey)
    expect((await anybody.get(`/receipt/${around(receiptKey)}`)).body.record.identifier).toBe(receiptKey)
    for (const spoilt of [secretKey.toUpperCase(), `${secretKey}_`, `${secretKey}-`, `${secretKey}a`]) {
      expect((await anybody.get(`/secret/${spoilt}`)).status, spoilt).toBe(404)
    }
  })

  it('answer HEAD as GET, without a body', async () => {
    const { secretKey, receiptKey } = await anybody.conceal()
    for (const path of [
      '/status',
      '/version',
      '/supported-locales',
      `/secret/${secretKey}`,
      `/secret/${secretKey}/status`,
      `/receipt/${receiptKey}`,
      `/guest/receipt/${receiptKey}`,
    ]) {
      const [got, headed] = [await anybody.get(path), await anybody.call('HEAD', path)]
      expect(headed, path).toMatchObject({ status: 200, body: undefined })
      expect(headed.headers.get('content-length'), path).toBe(got.headers.get('content-length'))
    }
    expect((await ana(server, version).call('HEAD', '/receipt/recent')).status).toBe(200)
  })

  it.each(['/secret/conceal', '/secret/generate'])(
    'F46: OPTIONS %s is answered with 204, whoever asks, and makes nothing',
    async (path) => {
      const owner = ana(server, version)
      const before = (await owner.get('/receipt/recent')).body.count
      for (const headers of [{}, { authorization: 'Basic nonsense' }, basicOfAna]) {
        const answer = await anybody.call('OPTIONS', path, { headers })
        expect(answer).toMatchObject({ status: 204, body: undefined })
      }
      expect((await owner.get('/receipt/recent')).body.count).toBe(before)
    },
  )
})

const basicOfAna = { authorization: `Basic ${btoa(`${ANA.email}:${ANA.token}`)}` }

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 3: the parameters of %s', (version) => {
  let anybody: Client
  beforeAll(() => {
    anybody = client(server, version)
  })
  const WEEK = 604_800

  it.each([
    [undefined, WEEK],
    [null, WEEK],
    [0, 60],
    [-5, 60],
    ['', 60],
    ['soon', 60],
    [true, 60],
    ['0', 60],
    [59, 60],
    [61, 61],
    ['604800', WEEK],
    [3600.9, 3600],
    [604_801, WEEK],
    [1e12, WEEK],
  ])('F3: a ttl of %j grants %d seconds to an anonymous caller', async (ttl, granted) => {
    const { body } = await anybody.post('/secret/conceal', { secret: { secret: 'a', ttl } })
    expect(body.record.secret.secret_ttl).toBe(granted)
  })

  it('a ttl of 30 days is granted to an account', async () => {
    const { body } = await ana(server, version).post('/secret/conceal', {
      secret: { secret: 'a', ttl: 9_999_999 },
    })
    expect(body.record.receipt.secret_ttl).toBe(30 * 86_400)
  })

  it.each([undefined, null, ''])('a passphrase of %j is none', async (passphrase) => {
    const { body } = await anybody.post('/secret/conceal', { secret: { secret: 'a', passphrase } })
    expect(body.record.secret.has_passphrase).toBe(false)
  })

  it.each([
    [{}, /^[a-hjkmnp-zA-Z2-9*$!?()]{12}$/],
    [{ length: 4 }, /^.{4}$/],
    [{ length: '128' }, /^.{128}$/],
    [{ length: null }, /^.{12}$/],
    [
      { length: 20, character_sets: { numbers: false, symbols: 'false' } },
      /^(?=.*[a-z])(?=.*[A-Z])[a-zA-Z]{20}$/,
    ],
    [{ character_sets: { uppercase: false, lowercase: false, symbols: false } }, /^[2-9]{12}$/],
    [{ character_sets: {} }, /^(?=.*[a-z])(?=.*[A-Z])(?=.*[2-9])(?=.*[*$!?()])[a-zA-Z2-9*$!?()]{12}$/],
  ])('a generated value is made of what is asked for, %j', async (secret, form) => {
    const { body } = await anybody.post('/secret/generate', { secret })
    expect(body.record.secret.secret_value).toMatch(form)
  })

  it('a form names nested character sets', async () => {
    const { body } = await anybody.form('/secret/generate', {
      'secret[length]': '30',
      'secret[character_sets][numbers]': 'false',
      'secret[character_sets][symbols]': '0',
    })
    expect(body.record.secret.secret_value).toMatch(/^[a-zA-Z]{30}$/)
  })

  it('a form of a Python client turns a character set off', async () => {
    const { body } = await anybody.form('/secret/generate', {
      'secret[length]': '30',
      'secret[character_sets][symbols]': 'False',
      'secret[character_sets][numbers]': 'True',
    })
    expect(body.record.secret.secret_value).toMatch(/^[a-zA-Z2-9]{30}$/)
  })

  it.each([3, 0, -1, 'long', 8.5])('a length of %j is rejected', async (length) => {
    const answer = await anybody.post('/secret/generate', { secret: { length } })
    expect(answer).toMatchObject({ status: 422, body: { error_type: 'FormError', field: 'length' } })
  })

  it('character sets of which none is chosen are rejected', async () => {
    const none = { uppercase: false, lowercase: false, numbers: false, symbols: false }
    for (const character_sets of [none, 'all', ['numbers']]) {
      const answer = await anybody.post('/secret/generate', { secret: { character_sets } })
      expect(answer).toMatchObject({ status: 422, body: { field: 'character_sets' } })
    }
  })

  it.each(['', ' ', 'localhost', '127.0.0.1:3000', '[::1]', 'no domain', '-', '%'])(
    'a share domain of %j is none',
    async (share_domain) => {
      const answer = await anybody.post('/secret/conceal', { secret: { secret: 'a', share_domain } })
      expect(answer).toMatchObject({ status: 200, body: { record: { share_domain: null } } })
    },
  )

  it('the host that a request was sent to is no share domain, unless it is configured', async () => {
    const conceal = (host: string, share_domain: string) => {
      const body = JSON.stringify({ secret: { secret: 'a', share_domain } })
      const head = `POST /api/${version}/secret/conceal HTTP/1.1\nHost: ${host}\nContent-Length: ${body.length}`
      return exchange(server.url, head, body)
    }
    expect((await conceal('secrets.example.com', 'Secrets.example.com')).json()).toMatchObject({
      record: { share_domain: null },
    })
    expect((await conceal('links.example.com', 'links.example.com')).json()).toMatchObject({
      record: { share_domain: 'links.example.com' },
    })
    expect((await conceal('secrets.example.com', 'other.example.com')).status).toBe(422)
  })

  it("an account's own share domain is rejected for others", async () => {
    const secret = { secret: 'a', share_domain: 'ana.example.com' }
    const owned = await ana(server, version).post('/secret/conceal', { secret })
    expect(owned.body.record.share_domain).toBe('ana.example.com')
    expect(await anybody.post('/secret/conceal', { secret })).toMatchObject({ status: 422 })
  })

  it.each(['foo@example.com', ['foo@example.com'], ['', 'foo@example.com']])(
    'an account mails the link to recipients, %j',
    async (recipient) => {
      const before = server.mails.length
      const { body } = await ana(server, version).post('/secret/conceal', {
        secret: { secret: 'a', recipient },
      })
      expect(server.mails.slice(before)).toMatchObject([
        { to: 'foo@example.com', link: `${server.url}/secret/${body.record.secret.identifier}` },
      ])
    },
  )

  it.each(['', [''], [], null])('empty recipients need no account, %j', async (recipient) => {
    const answer = await anybody.post('/secret/conceal', { secret: { secret: 'a', recipient } })
    expect(answer.status).toBe(200)
  })
})

describe('docs/api/v1.md section 1: nested parameters', () => {
  it('mean nothing to v1', async () => {
    const post = (body: string, type: string) =>
      fetch(`${server.url}/api/v1/share`, { method: 'POST', body, headers: { 'content-type': type } })
    const nested = await post('secret[secret]=a', 'application/x-www-form-urlencoded')
    expect(await nested.json()).toEqual({ message: 'You did not provide anything to share' })
    const json = await post('{"secret":{"secret":"a"}}', 'application/json')
    expect(await json.json()).toEqual({ message: 'Malformed parameter: secret' })
    const sniffed = await post('{"secret":"a"}', 'text/plain')
    expect(await sniffed.json()).toEqual({ message: 'You did not provide anything to share' })
  })
})
