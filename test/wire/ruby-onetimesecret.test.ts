// Ruby gem onetimesecret 0.7.0, the official client: lib/onetime/transport.rb, client.rb, configuration.rb, resources/*.rb,
// errors.rb and ownership.rb; headers in the order of Ruby's Net::HTTP. It speaks v2 by default, takes no user but
// /\Aur[a-z0-9]+\z/i, sends only what is given, repeats GET only, and reads JSON only by Content-Type.

import { describe, expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { dig } from './dig.ts'
import { ACCOUNT, BASIC, basic, clientOf, serverOfFile, UR_NAME } from './server.ts'

const HEADERS = `
  Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3
  Accept: application/json
  User-Agent: onetime-ruby/0.7.0 (Ruby/3.1.2)
  Host: {host}
  X-Onetime-Client: ruby:3.1.2/0.7.0
  Authorization: {authorization}
  Content-Type: {type}
  Connection: close
  Content-Length: {length}`
const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'

const server = serverOfFile()
const UR = basic(UR_NAME, ACCOUNT.token)

/** The names of the gem's exceptions, by `error_type` and by status. */
const BY_TYPE: Readonly<Record<string, string>> = {
  FormError: 'BadRequestError',
  RecordNotFound: 'NotFoundError',
  NotFound: 'NotFoundError',
  Forbidden: 'ForbiddenError',
  GuestRoutesDisabled: 'ForbiddenError',
  LimitExceeded: 'RateLimitError',
  ServerError: 'ServerError',
}
const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'ForbiddenError',
  404: 'NotFoundError',
  422: 'BadRequestError',
  429: 'RateLimitError',
}

class ApiError extends Error {
  readonly retryAfter: unknown
  readonly field: unknown
  constructor(name: string, message: string, data: unknown) {
    super(message)
    this.name = name
    this.retryAfter = dig(data, 'retry_after')
    this.field = dig(data, 'field')
  }
}

/** `Onetime::Client#request`: the parsed body of an answer below 400, or the gem's exception. */
function gem(version: 'v1' | 'v2', authorization?: string, from = server) {
  const send = clientOf(from, HEADERS)
  return async (method: string, path: string, body?: object | string): Promise<unknown> => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const type = typeof body === 'object' ? JSON_TYPE : FORM_TYPE
    const request = `${method} /api/${version}${path}`
    const answer = await send(
      request,
      text === undefined ? { authorization } : { authorization, body: text, type },
    )
    const isJson = answer.headers['content-type']?.includes('json') === true
    const data: unknown = isJson ? JSON.parse(answer.text) : answer.text
    if (answer.status < 400) return data
    const name = BY_TYPE[String(dig(data, 'error_type'))] ?? BY_STATUS[answer.status] ?? 'ServerError'
    throw new ApiError(name, String(dig(data, 'error') ?? dig(data, 'message') ?? 'no message'), data)
  }
}

const RECORDS = [
  [],
  ['record'],
  ['record', 'receipt'],
  ['record', 'secret'],
  ['record', 'metadata'],
  ['details'],
]
const OWNERS = [
  'custid',
  'customer_id',
  'owner',
  'owner_id',
  'organization',
  'organization_extid',
  'org_extid',
]
const NOBODY = ['', 'anon', 'anonymous', 'guest', 'null', 'nil', 'none']

/** `Onetime::Ownership.unowned?`: true makes the gem warn or raise, if it has credentials; undefined says nothing. */
function isUnowned(data: unknown): boolean | undefined {
  const verdicts = RECORDS.map((path) => dig(data, ...path)).flatMap((record) => {
    if (typeof record !== 'object' || record === null) return []
    const name = OWNERS.find((owner) => owner in record)
    if (name === undefined) return []
    return [
      NOBODY.includes(
        String(dig(record, name) ?? '')
          .trim()
          .toLowerCase(),
      ),
    ]
  })
  return verdicts.length === 0 ? undefined : verdicts.includes(true)
}

/** Cuts the key out of a link, as `extract_secret_key` does. */
const keyIn = (link: string) => /\/secret\/([a-zA-Z0-9]+)/.exec(link)?.[1] ?? link

describe('the user name that Ruby onetimesecret 0.7.0 accepts', () => {
  it('is the ur name of an account, on v1 and on v2', async () => {
    expect(UR_NAME).toMatch(/^ur[a-z0-9]+$/i)
    expect(await gem('v1', UR)('GET', '/authcheck')).toEqual({ status: 'nominal' })
    expect(dig(await gem('v2', UR)('GET', '/receipt/recent'), 'custid')).toBe(ACCOUNT.user)
  })
})

describe.each([
  ['with its ur name', UR, false],
  ['with an email address, as 0.6 sends it', BASIC, false],
  ['anonymous', undefined, true],
])('Ruby onetimesecret 0.7.0 on v2, %s', (_who, authorization, unowned) => {
  const call = gem('v2', authorization)

  it('conceals with the given keys only, and reveals once by a link', async () => {
    const concealed = await call('POST', '/secret/conceal', { secret: { secret: 'hunter2', ttl: 3600 } })
    expect(isUnowned(concealed)).toBe(unowned)
    expect(dig(concealed, 'record', 'receipt', 'identifier')).toMatch(/^[a-z0-9]+$/)
    const link = `${server().url}/secret/${dig(concealed, 'record', 'secret', 'identifier')}`
    const path = `/secret/${keyIn(link)}/reveal`
    const revealed = await call('POST', path, { continue: true })
    expect(dig(revealed, 'record', 'secret_value')).toBe('hunter2')
    await expect(call('POST', path, { continue: true })).rejects.toMatchObject({ name: 'NotFoundError' })
  })

  it('reveals nothing by `continue: false`, nor with a wrong passphrase', async () => {
    const secret = { secret: 'x', passphrase: 'pw' }
    const concealed = await call('POST', '/secret/conceal', { secret })
    const path = `/secret/${dig(concealed, 'record', 'secret', 'identifier')}/reveal`
    const looked = await call('POST', path, { passphrase: 'pw', continue: false })
    expect(dig(looked, 'record', 'secret_value')).toBeUndefined()
    await expect(call('POST', path, { passphrase: 'no', continue: true })).rejects.toMatchObject({
      name: 'BadRequestError',
      message: 'Incorrect passphrase',
    })
    const revealed = await call('POST', path, { passphrase: 'pw', continue: true })
    expect(dig(revealed, 'record', 'secret_value')).toBe('x')
  })

  it('generates, shows and asks for the status of one and of several', async () => {
    const generated = await call('POST', '/secret/generate', { secret: { ttl: 86_400 } })
    expect(isUnowned(generated)).toBe(unowned)
    const key = dig(generated, 'record', 'secret', 'identifier')
    expect(dig(await call('GET', `/secret/${key}`), 'record', 'has_passphrase')).toBe(false)
    expect(dig(await call('GET', `/secret/${key}/status`), 'record', 'state')).toBe('new')
    const list = await call('POST', '/secret/status', { identifiers: `${key},${'x'.repeat(31)}` })
    expect(dig(list, 'records', 0, 'identifier')).toBe(key)
    expect(dig(list, 'count')).toBe(1)
  })

  it('shows and burns a receipt', async () => {
    const concealed = await call('POST', '/secret/conceal', { secret: { secret: 'x' } })
    const key = dig(concealed, 'record', 'receipt', 'identifier')
    const shown = await call('GET', `/receipt/${key}`)
    expect(dig(shown, 'record', 'state')).toBe('new')
    expect(isUnowned(shown)).toBe(unowned)
    const burned = await call('POST', `/receipt/${key}/burn`, { continue: true })
    expect(dig(burned, 'success')).toBe(true)
    expect(dig(burned, 'record', 'state')).toBe('burned')
  })

  it('reads status, version and locales', async () => {
    expect(dig(await call('GET', '/status'), 'status')).toBe('nominal')
    expect(dig(await call('GET', '/version'), 'version')).toEqual(expect.any(Array))
    expect(dig(await call('GET', '/supported-locales'), 'locales')).toContain('en')
  })
})

describe('Ruby onetimesecret 0.7.0 on v2', () => {
  it('lists recent receipts of its account without the keys of secrets, and writes a memo', async () => {
    const call = gem('v2', UR)
    const concealed = await call('POST', '/secret/conceal', { secret: { secret: 'x' } })
    const key = dig(concealed, 'record', 'receipt', 'identifier')
    expect(dig(await call('PATCH', `/receipt/${key}`, { memo: 'for Bo' }), 'record', 'memo')).toBe('for Bo')
    const recent = await call('GET', '/receipt/recent')
    const records = dig(recent, 'records') as unknown[]
    expect(isUnowned(recent)).toBe(false)
    expect(records.map((record) => dig(record, 'identifier'))).toContain(key)
    expect(JSON.stringify(recent)).not.toContain(dig(concealed, 'record', 'secret', 'identifier'))
  })

  it('has the link sent to a recipient or a list of them', async () => {
    const secret = { secret: 'x', recipient: ['foo@example.com', 'b@example.org'] }
    const concealed = await gem('v2', UR)('POST', '/secret/conceal', { secret })
    const sent = server().mails.slice(-2)
    expect(sent.map(({ to }) => to)).toEqual(secret.recipient)
    for (const { link } of sent) expect(keyIn(link)).toBe(dig(concealed, 'record', 'secret', 'identifier'))
  })

  it.each([
    ['AuthenticationError', basic(UR_NAME, 'wrong'), 'POST /secret/conceal', { secret: { secret: 'x' } }],
    ['AuthenticationError', undefined, 'GET /receipt/recent', undefined],
    ['NotFoundError', undefined, `GET /receipt/${'x'.repeat(31)}`, undefined],
    ['NotFoundError', undefined, 'GET /nothing', undefined],
    ['BadRequestError', undefined, 'POST /secret/conceal', { secret: 'flat' }],
    ['BadRequestError', undefined, 'POST /secret/conceal', { secret: { ttl: 60 } }],
    [
      'AuthenticationError',
      undefined,
      'POST /secret/conceal',
      { secret: { secret: 'x', recipient: 'a@b.co' } },
    ],
  ])('raises %s, with a message', async (name, authorization, request, body) => {
    const [method = '', path = ''] = request.split(' ')
    const raised = await gem('v2', authorization)(method, path, body).catch((error: unknown) => error)
    expect(raised).toMatchObject({ name, message: expect.not.stringMatching(/^no message$/) })
  })

  it('reads retry_after of a RateLimitError from the body', async () => {
    const limited = await startTestServer({ settings: { RATE_LIMIT: 'create=1/60' } })
    try {
      const call = gem('v2', undefined, () => limited)
      await call('POST', '/secret/generate', { secret: {} })
      const raised = call('POST', '/secret/generate', { secret: {} })
      await expect(raised).rejects.toMatchObject({ name: 'RateLimitError', retryAfter: 60 })
    } finally {
      await limited.close()
    }
  })

  // test/live_api_test.rb of the gem, which needs no account.
  it('passes its own live suite on the guest paths', async () => {
    const call = gem('v2')
    const concealed = await call('POST', '/guest/secret/conceal', { secret: { secret: 'live', ttl: 60 } })
    const key = dig(concealed, 'record', 'secret', 'identifier')
    const receipt = dig(concealed, 'record', 'receipt', 'identifier')
    expect(dig(await call('GET', `/guest/receipt/${receipt}`), 'record', 'identifier')).toBe(receipt)
    expect(dig(await call('GET', `/guest/secret/${key}`), 'record', 'identifier')).toBe(key)
    const revealed = await call('POST', `/guest/secret/${key}/reveal`, { continue: true })
    expect(dig(revealed, 'record', 'secret_value')).toBe('live')
    const generated = await call('POST', '/guest/secret/generate', { secret: { ttl: 60 } })
    expect(dig(generated, 'record', 'receipt')).toBeDefined()
    expect(dig(generated, 'record', 'secret')).toBeDefined()
    const burning = `/guest/receipt/${dig(generated, 'record', 'receipt', 'identifier')}/burn`
    expect(dig(await call('POST', burning, { continue: true }), 'success')).toBe(true)
    const missing = '/guest/secret/doesnotexist000000000000000000000/reveal'
    await expect(call('POST', missing, { continue: true })).rejects.toMatchObject({ name: 'NotFoundError' })
  })
})

describe.each([
  ['with its ur name', UR, ACCOUNT.user],
  ['anonymous', undefined, 'anon'],
])('Ruby onetimesecret 0.7.0 with api_version: :v1, %s', (_who, authorization, custid) => {
  const call = gem('v1', authorization)

  it('shares, generates and reveals with `continue=true`', async () => {
    const shared = await call('POST', '/share', 'secret=hunter+2%26&ttl=3600&passphrase=pw')
    expect(shared).toMatchObject({ custid, ttl: 3600, passphrase_required: true })
    expect(isUnowned(shared)).toBe(custid === 'anon')
    const revealed = await call('POST', `/secret/${dig(shared, 'secret_key')}`, 'passphrase=pw&continue=true')
    expect(dig(revealed, 'value')).toBe('hunter 2&')
    expect(dig(await call('POST', '/generate', 'ttl=60'), 'value')).toMatch(/^.{12}$/)
    // A body without any parameter.
    expect(dig(await call('POST', '/generate', ''), 'value')).toMatch(/^.{12}$/)
  })

  it('shows and burns by /receipt, which has the newer names too', async () => {
    const shared = await call('POST', '/share', 'secret=x')
    const key = dig(shared, 'metadata_key')
    expect(await call('GET', `/receipt/${key}`)).toMatchObject({
      metadata_key: key,
      identifier: key,
      state: 'new',
    })
    const burned = await call('POST', `/receipt/${key}/burn`, 'continue=true')
    expect(dig(burned, 'state', 'state')).toBe('burned')
  })

  it('raises NotFoundError with the message of every client error, because v1 answers 404 to all', async () => {
    for (const [path, body, message] of [
      [`/secret/${'x'.repeat(31)}`, 'continue=true', 'Unknown secret'],
      ['/share', '', 'You did not provide anything to share'],
    ] as const) {
      await expect(call('POST', path, body)).rejects.toMatchObject({ name: 'NotFoundError', message })
    }
  })
})

describe('Ruby onetimesecret 0.7.0 with api_version: :v1', () => {
  it('sends recipients as `recipient[]`, and lists recent receipts without keys of secrets', async () => {
    const call = gem('v1', UR)
    const shared = await call('POST', '/share', 'secret=x&recipient%5B%5D=foo%40example.com')
    expect(server().mails.at(-1)?.to).toBe('foo@example.com')
    const recent = (await call('GET', '/receipt/recent')) as unknown[]
    expect(recent.map((receipt) => dig(receipt, 'identifier'))).toContain(dig(shared, 'metadata_key'))
    expect(JSON.stringify(recent)).not.toContain(dig(shared, 'secret_key'))
  })
})
