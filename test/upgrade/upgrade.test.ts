import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer } from '../../src/testing.ts'
import { type Api, api, basic, failure, rejection, unknownSecret } from '../api/client.ts'
import { run } from '../commands/emberlink.ts'
import { expectedOf, unreadOf } from './expected.ts'
import { type OlderStore, olderLmdb, olderRedis } from './older-store.ts'

const VERSION = '0.1.0'
const ATTEMPTS_ALLOWED = 5
const HOUR = 3600

describe.each([
  ['an embedded store', 'lmdb', olderLmdb],
  ['a Redis database', 'redis', olderRedis],
] as const)(`%s written by ${VERSION}`, (_, kind, open) => {
  const expected = expectedOf(VERSION)[kind]
  const unread = unreadOf(expected)
  const named = (name: string) => {
    const secret = expected.secrets.find((candidate) => candidate.name === name)
    if (secret === undefined) throw new Error(`${VERSION} wrote no secret named ${name}`)
    return secret
  }

  let store: OlderStore
  beforeAll(async () => {
    store = await open(VERSION)
  })
  afterAll(() => store.close())

  async function upgrade() {
    const settings = { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...expected.settings, ...(await store.restore()) }
    // A test clock starts at the time of the machine, and does not go back.
    vi.setSystemTime(expected.openedAt)
    onTestFinished(() => void vi.useRealTimers())
    const server = await startTestServer({ settings })
    onTestFinished(() => server.close())
    return server
  }

  it('answers every receipt as before, and marks a new one as viewed', async () => {
    const { get } = api(await upgrade())
    for (const { name, metadataKey, receipt } of expected.secrets) {
      const path = `/private/${metadataKey}`
      expect((await get(path)).body, name).toEqual(receipt)
      const state = receipt.state === 'new' ? 'viewed' : receipt.state
      expect((await get(path)).body['state'], name).toBe(state)
    }
    const states = expected.secrets.map(({ receipt }) => receipt.state)
    expect(new Set(states)).toEqual(new Set(['new', 'viewed', 'received', 'burned']))
  })

  it('reveals every unread secret once, and only with its passphrase', async () => {
    const { get, post } = api(await upgrade())
    expect(unread).toHaveLength(11)
    for (const { name, metadataKey, secretKey, passphrase = '', shareDomain, value } of unread) {
      const path = `/secret/${secretKey}`
      if (passphrase !== '') {
        expect(await post(path, { passphrase: `${passphrase}!` }), name).toEqual(unknownSecret(secretKey))
      }
      expect((await post(path, { passphrase })).body, name).toEqual({
        value,
        secret_key: secretKey,
        ...(shareDomain && { share_domain: shareDomain }),
      })
      expect(await post(path, { passphrase }), name).toEqual(unknownSecret(secretKey))
      const receipt = (await get(`/private/${metadataKey}`)).body
      expect(receipt['state'], name).toBe('received')
      expect(receipt, name).not.toHaveProperty('secret_key')
    }
  })

  it('burns every unread secret with its passphrase', async () => {
    const { post } = api(await upgrade())
    for (const { name, metadataKey, secretKey, passphrase = '' } of unread) {
      const { state } = (await post(`/private/${metadataKey}/burn`, { passphrase })).body
      expect(state, name).toMatchObject({ state: 'burned' })
      expect(await post(`/secret/${secretKey}`, { passphrase }), name).toEqual(unknownSecret(secretKey))
    }
  })

  it.each(['received', 'burned'])('holds nothing of a secret that was %s', async (name) => {
    const { metadataKey, secretKey } = named(name)
    const { post } = api(await upgrade())
    expect(await post(`/secret/${secretKey}`)).toEqual(unknownSecret(secretKey))
    expect(await post(`/private/${metadataKey}/burn`)).toEqual(unknownSecret(metadataKey))
  })

  it('goes on counting passphrase attempts, and reveals the secret when they no longer count', async () => {
    const { secretKey, passphrase = '', value, wrongAttempts = 0 } = named('attempted')
    const server = await upgrade()
    const attempt = (passphrase: string) => api(server).post(`/secret/${secretKey}`, { passphrase })
    for (let attempts = wrongAttempts; attempts < ATTEMPTS_ALLOWED; attempts += 1) {
      expect(await attempt('wrong')).toEqual(unknownSecret(secretKey))
    }
    const { retryAfter = 0, ...rejected } = await attempt(passphrase)
    expect(rejected).toEqual(failure(429, 'Apologies dear citizen! You have been rate limited.'))
    server.clock.advance(retryAfter)
    expect((await attempt(passphrase)).body.value).toBe(value)
  })

  it('expires a secret when its ttl has passed', async () => {
    const { metadataKey, secretKey } = named('one hour')
    const server = await upgrade()
    server.clock.advance(HOUR)
    const { get, post } = api(server)
    expect(await post(`/secret/${secretKey}`)).toEqual(unknownSecret(secretKey))
    expect((await get(`/private/${metadataKey}`)).body['state']).toBe('expired')
  })

  it('accepts the token of every account, and rejects one that was replaced', async () => {
    const server = await upgrade()
    const check = (email: string, token: string) => api(server, basic(email, token)).get('/authcheck')
    for (const { email, token } of expected.accounts) {
      expect((await check(email, token)).body, email).toEqual({ status: 'nominal' })
      expect(await check(email, `${token}0`), email).toEqual(rejection(401, 'Not authorized'))
    }
    for (const { email, token } of expected.refused) {
      expect(await check(email, token), email).toEqual(rejection(401, 'Not authorized'))
    }
  })

  it('lists the recent secrets of every account, and adds to them', async () => {
    const server = await upgrade()
    const recentOf = async ({ get }: Api) => (await get('/private/recent')).body
    for (const { email, token, recent } of expected.accounts) {
      const account = api(server, basic(email, token))
      expect(await recentOf(account), email).toEqual(recent)
      const { metadata_key } = (await account.post('/share', { secret: 'after the upgrade' })).body
      expect(await recentOf(account), email).toMatchObject([{ metadata_key }, ...recent])
    }
    expect(expected.accounts.map(({ recent }) => recent.length)).toEqual([4, 2, 1, 1])
  })

  it('lists the accounts on the command line', async () => {
    const settings = { ...expected.settings, ...(await store.restore()) }
    const { code, stdout } = await run(['account', 'list'], settings)
    expect(code).toBe(0)
    const lines = stdout.trim().split('\n')
    expect(lines).toHaveLength(expected.listed.length)
    for (const { email, created } of expected.listed) {
      expect(lines.filter((line) => line.includes(email) && line.includes(created))).toHaveLength(1)
    }
  })
})
