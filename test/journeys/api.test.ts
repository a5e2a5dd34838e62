import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, type Api, api, type Body, basic, rejection, unknownSecret } from '../api/client.ts'
import { type RedisServer, startRedis } from '../support/redis.ts'
import { ROOT_KEY } from '../support/root-keys.ts'

const DAY = 86_400

describe.each(['the embedded store', 'Redis'])('on %s', (store) => {
  let redis: RedisServer | undefined
  let server: TestServer
  let anonymous: Api
  let ana: Api
  beforeAll(async () => {
    if (store === 'Redis') redis = await startRedis()
    server = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: {
        SHARE_DOMAINS: 'links.example.com',
        PUBLIC_URL: 'https://example.org',
        RATE_LIMIT: DEFAULT_RATE_LIMITS,
        ...(redis && { REDIS_URL: redis.url, ROOT_KEY }),
      },
    })
    anonymous = api(server)
    ana = api(server, basic())
  })
  afterAll(async () => {
    await server.close()
    await redis?.stop()
  })

  it('an anonymous sender generates a password and shares its link and its passphrase separately', async () => {
    const { body: made } = await anonymous.post('/generate', {
      length: '24',
      passphrase: 'über den Fluss',
      ttl: '3600',
    })
    const { metadata_key, secret_key } = made

    const attempt = () => anonymous.post(`/secret/${secret_key}`, { passphrase: 'uber den Fluss' })
    expect(await attempt()).toEqual(unknownSecret(secret_key))
    expect((await anonymous.get(`/private/${metadata_key}`)).body).toMatchObject({ state: 'viewed' })

    const { body: revealed } = await anonymous.post(`/secret/${secret_key}`, { passphrase: 'über den Fluss' })
    expect(revealed).toEqual({ value: made.value, secret_key })
    expect(await anonymous.post(`/secret/${secret_key}`, { passphrase: 'über den Fluss' })).toEqual(
      unknownSecret(secret_key),
    )
    const { body: receipt } = await anonymous.get(`/private/${metadata_key}`)
    expect(receipt).toMatchObject({
      state: 'received',
      received: expect.any(Number),
      passphrase_required: true,
    })
    expect(receipt).not.toHaveProperty('secret_key')
  })

  it('an account emails a secret to two people, burns one, and follows both in the recent receipts', async () => {
    const send = async (recipient: string) =>
      (
        await ana.post('/share', {
          secret: `for ${recipient}`,
          recipient,
          share_domain: 'links.example.com',
          ttl: String(10 * DAY),
        })
      ).body
    const toBo = await send('bo@example.com')
    server.clock.advance(60)
    const toCy = await send('cy@example.com')
    expect(server.mails.slice(-2).map(({ link }) => link)).toEqual([
      `https://links.example.com/secret/${toBo.secret_key}`,
      `https://links.example.com/secret/${toCy.secret_key}`,
    ])

    const { body: burned } = await ana.post(`/private/${toCy.metadata_key}/burn`)
    expect(burned).toMatchObject({ state: { state: 'burned' }, secret_shortkey: toCy.secret_key.slice(0, 6) })
    server.clock.advance(9 * DAY)
    const { body: read } = await anonymous.post(`/secret/${toBo.secret_key}`)
    expect(read).toMatchObject({ value: 'for bo@example.com', share_domain: 'links.example.com' })
    expect(await anonymous.post(`/secret/${toCy.secret_key}`)).toEqual(unknownSecret(toCy.secret_key))

    const recent = (await ana.get('/private/recent')).body as unknown as Body[]
    expect(recent.map(({ state, recipient }) => [state, recipient])).toEqual([
      ['burned', ['cy*****@e*****.com']],
      ['received', ['bo*****@e*****.com']],
    ])
    expect(await anonymous.get('/private/recent')).toEqual(rejection(401, 'Not authorized'))
  })

  it('a secret that nobody reveals expires: its receipt says so, until the receipt expires too', async () => {
    const { body } = await anonymous.post('/share', { secret: 'too late', ttl: '3600' })
    const receipt = () => anonymous.get(`/private/${body.metadata_key}`)
    server.clock.advance(3599)
    expect((await receipt()).body).toMatchObject({ state: 'new', secret_ttl: 1 })
    server.clock.advance(1)
    expect(await anonymous.post(`/secret/${body.secret_key}`)).toEqual(unknownSecret(body.secret_key))
    expect((await receipt()).body).toMatchObject({ state: 'expired', metadata_ttl: 3600 })
    expect(await anonymous.post(`/private/${body.metadata_key}/burn`)).toEqual(
      unknownSecret(body.metadata_key),
    )
    server.clock.advance(3600)
    expect(await receipt()).toEqual(unknownSecret(body.metadata_key))
  })
})
