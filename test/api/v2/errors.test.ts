import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { answerError } from '../../../src/api/v2/errors.ts'
import { DomainError, type ErrorCode, type ErrorDetails } from '../../../src/errors.ts'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { type RedisServer, startRedis } from '../../support/redis.ts'
import { forgetRootKeys, OTHER_ROOT_KEY, ROOT_KEY } from '../../support/root-keys.ts'
import { exchange } from '../../support/wire.ts'
import { ANA } from '../client.ts'
import { ana, type Client, client, error, NOBODY, type Version } from './client.ts'

type Row<Code extends ErrorCode> = readonly [detail: ErrorDetails[Code], status: number, body: object]

const form = (error: string, field?: string) => ({ error, error_type: 'FormError', ...(field && { field }) })
const failure = (error: string) => ({ error, error_type: 'ServerError' })
const AWAY = { ...failure('The service is not available at the moment'), retry_after: 5 }

/** What each error is answered with. Source: docs/api/v2.md section 5. */
const ROWS: { readonly [Code in ErrorCode]: Row<Code> } = {
  unknown_secret: [{}, 404, { error: 'Unknown secret', error_type: 'RecordNotFound' }],
  incorrect_passphrase: [{}, 422, form('Incorrect passphrase')],
  not_authorized: [
    {},
    401,
    {
      error: 'Authentication Required',
      message: '[AUTH_HEADER_MISSING] No authorization header',
      timestamp: 1_795_000_000,
    },
  ],
  anonymous_creation_off: [
    {},
    403,
    {
      error: 'Guest conceal is disabled',
      error_type: 'GuestRoutesDisabled',
      code: 'GUEST_CONCEAL_DISABLED',
    },
  ],
  not_owner: [{}, 401, { error: 'Not authorized to update this receipt', error_type: 'Unauthorized' }],
  account_required: [
    {},
    401,
    { error: 'An account is required to send emails.', error_type: 'Unauthorized' },
  ],
  nothing_to_share: [
    {},
    422,
    { error: 'You did not provide anything to share', error_type: 'missing', field: 'secret' },
  ],
  secret_too_large: [{ limit: 9 }, 422, form('Secret content must be no more than 9 bytes long', 'secret')],
  passphrase_too_large: [
    { limit: 9 },
    422,
    form('Passphrase must be no more than 9 bytes long', 'passphrase'),
  ],
  undeliverable_address: [
    { subject: 'X' },
    422,
    { error: 'Undeliverable email address: X', error_type: 'invalid_email', field: 'recipient' },
  ],
  too_many_recipients: [{ limit: 9 }, 422, form('A secret can be sent to at most 9 recipients', 'recipient')],
  unknown_domain: [{ subject: 'X' }, 422, form('Unknown domain: X', 'share_domain')],
  invalid_length: [
    { limit: 128, bound: 'maximum' },
    422,
    form('Generated password length must be no more than 128 characters', 'length'),
  ],
  too_many_keys: [{ limit: 25 }, 422, form('Too many identifiers (max 25)', 'identifiers')],
  malformed_parameter: [{ subject: 'ttl' }, 422, form('Incorrect payload format', 'ttl')],
  malformed_request: [{ reason: 'X' }, 400, form('Malformed request: X')],
  body_too_large: [{ limit: 9 }, 413, form('Request body must be no more than 9 bytes long')],
  unsupported_encoding: [{ subject: 'gzip' }, 415, form('Unsupported encoding of the body: gzip')],
  unsupported_expectation: [{ subject: 'X' }, 417, form('Unsupported expectation: X')],
  email_not_configured: [{}, 422, form('This server does not send emails', 'recipient')],
  email_failed: [{}, 502, failure('The email could not be sent, and the secret was withdrawn')],
  rate_limited: [
    { retryAfter: seconds(7) },
    429,
    { error: 'Rate limit exceeded', error_type: 'LimitExceeded', retry_after: 7 },
  ],
  store_unavailable: [{}, 503, AWAY],
  missing_root_key: [{ subject: 'a1b2c3d4' }, 503, AWAY],
  missing_site_secret: [{}, 503, AWAY],
  overloaded: [
    { retryAfter: seconds(2) },
    503,
    { ...failure('The service is busy at the moment'), retry_after: 2 },
  ],
  shutting_down: [{}, 503, { ...failure('The service is about to restart'), retry_after: 5 }],
  client_disconnected: [{}, 499, form('The client disconnected')],
  unreadable_record: [
    {},
    503,
    {
      error: 'The secret cannot be decrypted',
      error_type: 'SecretUndecryptable',
      code: 'secret_undecryptable',
    },
  ],
}

async function answerTo(thrown: Error) {
  const app = Fastify()
  const context = {
    policy: { secretMaxBytes: 10_000 },
    secrets: { now: () => milliseconds(1_795_000_000_999) },
  }
  app.setErrorHandler(answerError(context as unknown as Parameters<typeof answerError>[0]))
  app.get('/', () => Promise.reject(thrown))
  const answer = await app.inject('/')
  await app.close()
  return answer
}

describe('docs/api/v2.md section 5: every error of the domain', () => {
  it.each(Object.entries(ROWS))(
    '%s has a status and a body of its own',
    async (code, [detail, status, body]) => {
      const answer = await answerTo(
        new DomainError(code as 'rate_limited', detail as ErrorDetails['rate_limited']),
      )
      expect(answer.statusCode).toBe(status)
      expect(answer.json()).toEqual({ ...body, request_id: 'req-1' })
      const { retry_after } = body as { retry_after?: number }
      expect(answer.headers['retry-after']).toBe(retry_after === undefined ? undefined : String(retry_after))
    },
  )

  it('a bug is an internal error without any detail', async () => {
    const answer = await answerTo(new TypeError('marked'))
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ ...failure('Internal Server Error'), request_id: 'req-1' })
  })

  it('a length below the minimum says so', async () => {
    const answer = await answerTo(new DomainError('invalid_length', { limit: 4, bound: 'minimum' }))
    expect(answer.json().error).toBe('Generated password length must be no less than 4 characters')
  })

  it('too many passphrase attempts say so, and how many there are', async () => {
    const answer = await answerTo(new DomainError('rate_limited', { retryAfter: seconds(7), maxAttempts: 5 }))
    expect(answer.json()).toEqual({
      error: 'Too many incorrect passphrase attempts. Please try again later.',
      error_type: 'LimitExceeded',
      retry_after: 7,
      max_attempts: 5,
      request_id: 'req-1',
    })
  })
})

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 5: the errors of %s', (version) => {
  let server: TestServer
  let anybody: Client
  let owner: Client
  beforeAll(async () => {
    server = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { RATE_LIMIT: 'create=3/60', SECRET_MAX_BYTES: '100' },
    })
    anybody = client(server, version)
    owner = ana(server, version)
  })
  afterAll(() => server.close())

  const conceal = (secret: object) => owner.post('/secret/conceal', { secret: { secret: 'a', ...secret } })

  it.each<[object, string, string, string]>([
    [{ secret: '' }, 'You did not provide anything to share', 'missing', 'secret'],
    [{ secret: null }, 'You did not provide anything to share', 'missing', 'secret'],
    [{ secret: 'é'.repeat(51) }, 'Secret content must be no more than 100 bytes long', 'FormError', 'secret'],
    [
      { secret: 'a'.repeat(1e6) },
      'Secret content must be no more than 100 bytes long',
      'FormError',
      'secret',
    ],
    [
      { passphrase: 'p'.repeat(1025) },
      'Passphrase must be no more than 1024 bytes long',
      'FormError',
      'passphrase',
    ],
    [{ recipient: 'no address' }, 'Undeliverable email address: no address', 'invalid_email', 'recipient'],
    [
      { recipient: Array.from({ length: 11 }, (_, index) => `${index}@example.com`) },
      'A secret can be sent to at most 10 recipients',
      'FormError',
      'recipient',
    ],
    [{ share_domain: 'other.example.com' }, 'Unknown domain: other.example.com', 'FormError', 'share_domain'],
    [{ secret: {} }, 'Incorrect payload format', 'FormError', 'secret'],
    [{ ttl: [60] }, 'Incorrect payload format', 'FormError', 'ttl'],
    [{ passphrase: {} }, 'Incorrect payload format', 'FormError', 'passphrase'],
  ])('a secret like %.60j is rejected with 422', async (secret, message, type, field) => {
    const answer = await conceal(secret)
    expect(answer).toMatchObject({ status: 422 })
    expect(answer.body).toEqual(error(message, type, { field }))
  })

  it('anonymous creation is 403 where it is off, and says what is off', async () => {
    const closed = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { ANONYMOUS_CREATE: 'off' },
    })
    onTestFinished(() => closed.close())
    for (const guest of ['', '/guest']) {
      for (const kind of ['conceal', 'generate']) {
        const path = `${guest}/secret/${kind}`
        const answer = await client(closed, version).post(path, { secret: { secret: 'a' } })
        expect(answer).toMatchObject({ status: 403 })
        const code = `GUEST_${kind.toUpperCase()}_DISABLED`
        expect(answer.body).toEqual(error(`Guest ${kind} is disabled`, 'GuestRoutesDisabled', { code }))
      }
    }
    const { secretKey } = await ana(closed, version).conceal()
    const revealed = await client(closed, version).post(`/secret/${secretKey}/reveal`, { continue: true })
    expect(revealed.body.record.secret_value).toBe('hunter2')
  })

  it('a secret is limited by its caller', async () => {
    const small = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { SECRET_MAX_BYTES: '5', SECRET_MAX_BYTES_ANONYMOUS: '3' },
    })
    onTestFinished(() => small.close())
    const conceal = async (by: Client, path: string, bytes: number) =>
      (await by.post(path, { secret: { secret: 'a'.repeat(bytes) } })).body
    const tooLarge = (limit: number) =>
      error(`Secret content must be no more than ${limit} bytes long`, 'FormError', { field: 'secret' })
    for (const [by, path, limit] of [
      [client(small, version), '/secret/conceal', 3],
      [ana(small, version), '/guest/secret/conceal', 3],
      [ana(small, version), '/secret/conceal', 5],
    ] as const) {
      expect(await conceal(by, path, limit)).toMatchObject({ success: true })
      for (const bytes of [limit + 1, 200_000])
        expect(await conceal(by, path, bytes)).toEqual(tooLarge(limit))
    }
  })

  it('too long a length is rejected with 422', async () => {
    const answer = await owner.post('/secret/generate', { secret: { length: 129 } })
    expect(answer).toMatchObject({ status: 422 })
    const message = 'Generated password length must be no more than 128 characters'
    expect(answer.body).toEqual(error(message, 'FormError', { field: 'length' }))
  })

  it('a recipient without an account is rejected with 401', async () => {
    const secret = { secret: 'a', recipient: 'foo@example.com' }
    for (const path of ['/secret/conceal', '/guest/secret/conceal']) {
      const answer = await anybody.post(path, { secret })
      expect(answer).toMatchObject({ status: 401 })
      expect(answer.body).toEqual(error('An account is required to send emails.', 'Unauthorized'))
    }
  })

  it('an unknown secret is 404, and so is an unknown receipt, which is named', async () => {
    const unknown = error('Unknown secret', 'RecordNotFound')
    for (const key of [NOBODY, 'no-key', 'a'.repeat(1000)]) {
      const looked = await anybody.get(`/secret/${key}`)
      expect(looked).toMatchObject({ status: 404 })
      expect(looked.body).toEqual(unknown)
      const revealed = await anybody.post(`/secret/${key}/reveal`, { continue: true, passphrase: 'a' })
      expect(revealed.body).toEqual(unknown)
      for (const answer of [
        await anybody.get(`/receipt/.${key}`),
        await anybody.post(`/receipt/.${key}/burn`, { continue: true }),
        await anybody.post(`/guest/receipt/.${key}/burn`),
      ]) {
        expect(answer).toMatchObject({ status: 404 })
        expect(answer.body).toEqual(error('Unknown secret', 'RecordNotFound', { identifier: key }))
      }
    }
  })

  it('a wrong or missing passphrase is 422, on reveal and on burn', async () => {
    const { secretKey, receiptKey } = await owner.conceal({ passphrase: 'b' })
    for (const passphrase of [undefined, '', 'B', ' b']) {
      for (const path of [`/secret/${secretKey}/reveal`, `/receipt/${receiptKey}/burn`]) {
        const answer = await anybody.post(path, { continue: true, passphrase })
        expect(answer).toMatchObject({ status: 422 })
        expect(answer.body).toEqual(error('Incorrect passphrase', 'FormError'))
      }
    }
  })

  it('too many passphrase attempts are 429, with the wait in body and header', async () => {
    const { secretKey, receiptKey } = await owner.conceal({ passphrase: 'b' })
    for (const path of [`/secret/${secretKey}/reveal`, `/receipt/${receiptKey}/burn`]) {
      for (let i = 0; i < 5; i += 1) await anybody.post(path, { continue: true, passphrase: `${i}` })
      const answer = await anybody.post(path, { continue: true, passphrase: 'b' })
      expect(answer).toMatchObject({ status: 429 })
      expect(answer.body).toEqual(
        error('Too many incorrect passphrase attempts. Please try again later.', 'LimitExceeded', {
          retry_after: 600,
          max_attempts: 5,
        }),
      )
      expect(answer.headers.get('retry-after')).toBe('600')
    }
  })

  it('too many requests are 429, with the wait in body and header', async () => {
    server.clock.advance(60)
    const answers = []
    for (let i = 0; i < 4; i += 1) answers.push(await anybody.post('/secret/generate'))
    const [answer] = answers.slice(3)
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answer?.body).toEqual(error('Rate limit exceeded', 'LimitExceeded', { retry_after: 60 }))
    expect(answer?.headers.get('retry-after')).toBe('60')
  })

  it('too many identifiers are 422', async () => {
    const identifiers = Array.from({ length: 101 }, () => NOBODY)
    const answer = await anybody.post('/secret/status', { identifiers })
    expect(answer).toMatchObject({ status: 422 })
    expect(answer.body).toEqual(
      error('Too many identifiers (max 100)', 'FormError', { field: 'identifiers' }),
    )
    expect((await anybody.post('/secret/status', { identifiers: identifiers.slice(1) })).status).toBe(200)
    expect((await anybody.post('/secret/status', { identifiers: { a: 1 } })).status).toBe(422)
    if (version !== 'v3') return
    const batch = await anybody.post('/guest/receipts', { identifiers: identifiers.slice(0, 26) })
    expect(batch.body).toEqual(error('Too many identifiers (max 25)', 'FormError', { field: 'identifiers' }))
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', ''],
    ['POST', '/feedback'],
    ['POST', '/guest/feedback'],
    ['POST', '/incoming/secret'],
    ['GET', '/account'],
    ['GET', '/secret'],
    ['GET', '/guest/receipt/recent/x'],
    ['POST', `/secret/${NOBODY}`],
    ['DELETE', `/secret/${NOBODY}`],
    ['GET', `/secret/${NOBODY}/reveal`],
    ['POST', `/receipt/${NOBODY}`],
  ])('%s %s is 404 with two fields', async (method, path) => {
    const answer = await anybody.call(method, path)
    expect(answer).toMatchObject({ status: 404 })
    expect(answer.body).toEqual({ error: 'Not Found', error_type: 'NotFound' })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('docs/api/v2.md section 5: what is below /api/ and belongs to no version', () => {
  it.each([
    '/api/v4/status',
    '/api/v0',
    '/api/v',
    '/api/status',
    '/api/v22/status',
    '//api//v9//%FF',
    '/api/%FF',
  ])('%s is 404 in JSON and names the versions', async (path) => {
    const server = await startTestServer()
    for (const method of ['GET', 'POST', 'HEAD']) {
      const answer = await exchange(server.url, `${method} ${path} HTTP/1.1\nContent-Length: 0`)
      expect(answer).toMatchObject({ status: 404 })
      expect(answer.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      })
      if (method === 'HEAD') continue
      expect(answer.json()).toEqual({
        error: 'Not Found',
        error_type: 'NotFound',
        message: 'This server has the API versions v1, v2 and v3',
      })
    }
    await server.close()
  })

  it('/api itself is a page, and so is what is beside it', async () => {
    const server = await startTestServer()
    expect((await fetch(`${server.url}/api`)).headers.get('content-type')).toContain('text/html')
    expect((await fetch(`${server.url}/apiary`)).headers.get('content-type')).toContain('text/html')
    await server.close()
  })
})

describe.each<Version>(['v2', 'v3'])('docs/api/v2.md section 5: %s and its store', (version) => {
  let redis: RedisServer
  let server: TestServer
  beforeAll(async () => {
    redis = await startRedis()
    server = await startOn(ROOT_KEY)
  })
  afterAll(async () => {
    await server.close()
    await redis.stop()
  })
  const startOn = (key: string) =>
    startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: {
        REDIS_URL: redis.url,
        ROOT_KEY: key,
        SMTP_URL: 'smtp://127.0.0.1:9',
        MAIL_FROM: 'a@example.com',
      },
    })

  it('a secret that the store has lost is orphaned', async () => {
    const { receiptKey } = await client(server, version).conceal()
    await redis.client.del(...(await redis.client.keys('el:s:*')))
    const { body } = await client(server, version).get(`/receipt/${receiptKey}`)
    expect(body.record).toMatchObject({ state: 'orphaned', is_orphaned: true, is_destroyed: true })
    const burned = await client(server, version).post(`/receipt/${receiptKey}/burn`, { continue: true })
    expect(burned.body).toMatchObject({ success: false, details: { is_orphaned: true } })
  })

  it('an email that cannot be sent is 502', async () => {
    const secret = { secret: 'a', recipient: 'foo@example.com' }
    const answer = await ana(server, version).post('/secret/conceal', { secret })
    expect(answer).toMatchObject({ status: 502, body: { error_type: 'ServerError' } })
  })

  it('a secret under another root key is 503, and nothing of it is consumed', async () => {
    const { secretKey } = await client(server, version).conceal()
    await forgetRootKeys(redis)
    const other = await startOn(OTHER_ROOT_KEY)
    const answer = await client(other, version).post(`/secret/${secretKey}/reveal`, { continue: true })
    expect(answer).toMatchObject({ status: 503 })
    expect(answer.body).toEqual(
      error('The secret cannot be decrypted', 'SecretUndecryptable', { code: 'secret_undecryptable' }),
    )
    await other.close()
    const revealed = await client(server, version).post(`/secret/${secretKey}/reveal`, { continue: true })
    expect(revealed.body.record.secret_value).toBe('hunter2')
  })

  it('a store that cannot be reached is 503 everywhere but in the status', async () => {
    await redis.kill()
    const by = client(server, version)
    const away = error('The service is not available at the moment', 'ServerError', { retry_after: 5 })
    for (const answer of [
      await by.post('/secret/conceal', { secret: { secret: 'a' } }),
      await by.get(`/secret/${NOBODY}`),
      await by.post(`/secret/${NOBODY}/reveal`, { continue: true }),
      await by.get(`/secret/${NOBODY}/status`),
      await by.get(`/receipt/${NOBODY}`),
      await by.post(`/receipt/${NOBODY}/burn`),
      await ana(server, version).get('/receipt/recent'),
    ]) {
      expect(answer).toMatchObject({ status: 503 })
      expect(answer.body).toEqual(away)
      expect(answer.headers.get('retry-after')).toBe('5')
    }
    expect((await by.get('/status')).body).toMatchObject({ status: 'offline' })
  })
})
