// JavaScript onetimesecret-api 1.1.3 of npm, live: lib/request.ts, lib/api_v1.ts, lib/ots.ts. Its README points it at a
// server of one's own by the option `url`. It always sends Basic, and a form's Content-Type on every request.

import { createRequire } from 'node:module'
import util from 'node:util'
import { describe, expect, it } from 'vitest'
import { startTestServer } from '../../src/testing.ts'
import { ACCOUNT, clientOf, EMPTY_BASIC, serverOfFile } from './server.ts'

type Answer = Record<string, unknown>

interface Client {
  status(): Promise<boolean>
  share(secret: string, options?: object): Promise<Answer>
  generate(options?: object): Promise<Answer>
  retrieveSecret(key: unknown, options?: object): Promise<Answer>
  retrieveMetadata(key: unknown): Promise<Answer>
  burn(key: unknown): Promise<{ state: Answer; secret_shortkey: string }>
  recentMetadata(): Promise<Answer[]>
}

// The package is of 2018; Node 23 took away the one function of node:util that it calls.
Object.assign(util, { isUndefined: (value: unknown) => value === undefined })

const require = createRequire(import.meta.url)
const {
  OneTimeSecretApi,
  NotAuthorizedError,
  RateLimitedError,
  UnknownSecretError,
} = require('onetimesecret-api/index.js')

const server = serverOfFile()

function client(user: string = ACCOUNT.user, token: string = ACCOUNT.token, url = server().url): Client {
  return new OneTimeSecretApi(user, token, { url, apiVersion: 'v1' })
}

describe.each([
  ['signed in', ACCOUNT.user, ACCOUNT.token, 'foo@example.com'],
  ['with empty credentials', '', '', 'anon'],
])('JavaScript onetimesecret-api, %s', (_who, user, token, custid) => {
  it('shares and retrieves once', async () => {
    const ots = client(user, token)
    const shared = await ots.share('My very special secret ü & 🔑\n', { ttl: 3600 })
    expect(shared).toMatchObject({ custid, ttl: 3600, state: 'new', passphrase_required: false })
    const { secret_key: key } = shared
    expect(shared['share_link']).toBe(`${server().url}/secret/${key}`)
    expect(await ots.retrieveSecret(key)).toEqual({
      value: 'My very special secret ü & 🔑\n',
      secret_key: key,
    })
    await expect(ots.retrieveSecret(key)).rejects.toThrow(UnknownSecretError)
  })

  it('gets keys that match ^[A-Za-z0-9]{31}$ (docs/api/v1.md section 4)', async () => {
    const generated = await client(user, token).generate()
    for (const name of ['metadata_key', 'secret_key']) expect(generated[name]).toMatch(/^[A-Za-z0-9]{31}$/)
  })

  it('generates without a body, or with a passphrase and then retrieves only with it', async () => {
    const ots = client(user, token)
    expect((await ots.generate())['value']).toMatch(/^.{12}$/)
    const { secret_key: key, value } = await ots.generate({ passphrase: 'yes & no', ttl: 60 })
    await expect(ots.retrieveSecret(key, { passphrase: 'no' })).rejects.toThrow(UnknownSecretError)
    expect((await ots.retrieveSecret(key, { passphrase: 'yes & no' }))['value']).toBe(value)
  })

  it('reads metadata with a link until it burns the secret', async () => {
    const ots = client(user, token)
    const { metadata_key: key, secret_key: secretKey } = await ots.share('x')
    const metadata = await ots.retrieveMetadata(key)
    expect(metadata).toMatchObject({ state: 'new', secret_key: secretKey })
    expect(metadata['share_link']).toBe(`${server().url}/secret/${secretKey}`)
    const burned = await ots.burn(key)
    expect(burned.state).toMatchObject({ metadata_key: key, state: 'burned' })
    expect(burned.secret_shortkey).toBe(String(secretKey).slice(0, 6))
    expect(await ots.retrieveMetadata(key)).not.toHaveProperty('share_link')
    await expect(ots.burn(key)).rejects.toThrow(UnknownSecretError)
  })

  it('reads the status', async () => {
    expect(await client(user, token).status()).toBe(true)
  })
})

describe('JavaScript onetimesecret-api', () => {
  it('lists recent secrets, newest first', async () => {
    const ots = client()
    server().clock.advance(1)
    const { metadata_key: key } = await ots.share('x', { recipient: 'me@example.com' })
    const [newest] = await ots.recentMetadata()
    expect(newest).toMatchObject({ metadata_key: key, recipient: ['me*****@e*****.com'] })
  })

  it('throws NotAuthorizedError for a wrong token, and for recent secrets without an account (docs/api/v1.md section 2)', async () => {
    const ots = client(ACCOUNT.user, 'wrong')
    await expect(ots.status()).rejects.toThrow(NotAuthorizedError)
    await expect(ots.share('x')).rejects.toThrow(NotAuthorizedError)
    await expect(client('', '').recentMetadata()).rejects.toThrow(NotAuthorizedError)
  })

  it('gets the "Not Found" that its NotFoundError needs, in JSON, where there is no route (docs/api/v1.md section 5)', async () => {
    const send = clientOf(
      server,
      `Authorization: {authorization}
      Accept: application/json
      Content-Type: application/x-www-form-urlencoded
      Content-Length: {length}
      Host: {host}`,
    )
    const answer = await send('POST /nothing/here', { authorization: EMPTY_BASIC, body: '' })
    expect(answer.status).toBe(404)
    expect(answer.headers['content-type']).toContain('application/json')
    expect(answer.json()).toEqual({ message: 'Not Found' })
  })

  it('throws RateLimitedError when its rate limit is spent (docs/api/v1.md section 5)', async () => {
    const limited = await startTestServer({ settings: { RATE_LIMIT: 'create=1/60' } })
    try {
      const ots = client('', '', limited.url)
      await ots.share('x')
      await expect(ots.share('x')).rejects.toThrow(RateLimitedError)
    } finally {
      await limited.close()
    }
  })
})
