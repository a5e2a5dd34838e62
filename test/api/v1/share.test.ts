import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startTestServer, type TestServer } from '../../../src/testing.ts'
import { ANA, type Api, api, basic, rejection, unknownSecret } from '../client.ts'

const DAY = 86_400

let server: TestServer
let anybody: Api
let ana: Api
beforeAll(async () => {
  server = await startTestServer({ accounts: { [ANA.email]: ANA.token }, settings: { RATE_LIMIT: 'off' } })
  anybody = api(server)
  ana = api(server, basic())
})
afterAll(() => server.close())

describe('docs/api/v1.md section 3: ttl', () => {
  it.each([
    ['', 7 * DAY],
    ['soon', 7 * DAY],
    ['0', 7 * DAY],
    ['-1', 7 * DAY],
    ['-86400', 7 * DAY],
    ['NaN', 7 * DAY],
    ['Infinity', 7 * DAY],
    ['0x10', 7 * DAY],
    ['1 day', 7 * DAY],
    ['1', 60],
    ['59', 60],
    ['60', 60],
    ['61', 61],
    ['61.9', 61],
    [' 3600 ', 3600],
    ['604799', 604_799],
    ['604800', 604_800],
  ])('F3: %j grants an anonymous caller %i s', async (ttl, granted) => {
    const { body } = await anybody.post('/share', { secret: 'a', ttl })
    expect(body).toMatchObject({ ttl: granted, secret_ttl: granted, metadata_ttl: 2 * granted })
  })

  it('grants the default when it is missing', async () => {
    expect((await anybody.post('/share', { secret: 'a' })).body).toMatchObject({ ttl: 7 * DAY })
    expect((await anybody.post('/generate')).body).toMatchObject({ ttl: 7 * DAY })
  })

  it.each([
    ['604801', 7 * DAY, 604_801],
    [String(30 * DAY), 7 * DAY, 30 * DAY],
    [String(30 * DAY + 1), 7 * DAY, 30 * DAY],
    ['9'.repeat(30), 7 * DAY, 30 * DAY],
    ['9'.repeat(400), 7 * DAY, 30 * DAY],
  ])('F4: %s is limited to the maximum of its caller', async (ttl, toAnybody, toAccount) => {
    for (const path of ['/share', '/generate']) {
      expect((await anybody.post(path, { secret: 'a', ttl })).body).toMatchObject({ ttl: toAnybody })
      expect((await ana.post(path, { secret: 'a', ttl })).body).toMatchObject({ ttl: toAccount })
    }
  })

  it('takes the default and both maximums from settings, and limits the default too', async () => {
    const own = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { TTL_DEFAULT: '7200', TTL_MAX_ANONYMOUS: '3600', TTL_MAX_ACCOUNT: '10800' },
    })
    onTestFinished(() => own.close())
    const ttls = async (caller: Api) =>
      Promise.all(
        ['', '20000'].map(async (ttl) => (await caller.post('/share', { secret: 'a', ttl })).body['ttl']),
      )
    expect(await ttls(api(own))).toEqual([3600, 3600])
    expect(await ttls(api(own, basic()))).toEqual([7200, 10_800])
  })
})

describe('docs/api/v1.md section 3: secret', () => {
  it.each(['/share', '/create'])('%s rejects a missing or empty secret', async (path) => {
    const nothing = rejection(400, 'You did not provide anything to share')
    expect(await anybody.post(path)).toEqual(nothing)
    expect(await anybody.post(path, { secret: '', ttl: '60' })).toEqual(nothing)
  })

  it('keeps 10,000 bytes, and rejects one more instead of cutting it', async () => {
    for (const secret of ['a'.repeat(10_000), 'é'.repeat(5000), '🔥'.repeat(2500)]) {
      const { body } = await anybody.post('/share', { secret })
      expect((await anybody.post(`/secret/${body.secret_key}`)).body.value).toBe(secret)
      expect(await anybody.post('/share', { secret: `${secret}a` })).toEqual(
        rejection(413, 'Secret value exceeds the maximum size of 10000 bytes'),
      )
    }
  })

  it.each([20_000, 200_000, 5_000_000])('rejects %i bytes with the same message', async (size) => {
    const secret = 'a'.repeat(size)
    const tooLarge = rejection(413, 'Secret value exceeds the maximum size of 10000 bytes')
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ secret }) }
    const form = new FormData()
    form.set('secret', secret)
    for (const init of [{ body: new URLSearchParams({ secret }) }, json, { body: form }]) {
      expect(await anybody.call('POST', '/share', init)).toEqual(tooLarge)
    }
  })

  it('limits the size of all parts of a body together', async () => {
    const form = new FormData()
    for (let i = 0; i < 50; i += 1) form.set(`part${i}`, 'a'.repeat(9000))
    form.set('secret', 'a')
    expect((await anybody.call('POST', '/share', { body: form })).intended).toBe(413)
  })

  it('limits secrets by SECRET_MAX_BYTES, and accepts every encoding of that many bytes', async () => {
    const small = await startTestServer({ settings: { SECRET_MAX_BYTES: '3' } })
    onTestFinished(() => small.close())
    const body = '{"secret":"\\u0001\\u0002\\u0003"}'
    const headers = { 'content-type': 'application/json' }
    expect((await api(small).call('POST', '/share', { headers, body })).status).toBe(200)
    expect(await api(small).post('/share', { secret: 'abcd' })).toEqual(
      rejection(413, 'Secret value exceeds the maximum size of 3 bytes'),
    )
  })

  it('limits secrets of anonymous callers by SECRET_MAX_BYTES_ANONYMOUS, however far they exceed it', async () => {
    const small = await startTestServer({
      accounts: { [ANA.email]: ANA.token },
      settings: { SECRET_MAX_BYTES: '5', SECRET_MAX_BYTES_ANONYMOUS: '3' },
    })
    onTestFinished(() => small.close())
    const tooLarge = (limit: number) =>
      rejection(413, `Secret value exceeds the maximum size of ${limit} bytes`)
    const [anonymous, ana] = [api(small), api(small, basic())]
    expect((await anonymous.post('/share', { secret: 'abc' })).status).toBe(200)
    expect((await ana.post('/share', { secret: 'abcde' })).status).toBe(200)
    for (const secret of ['abcdef', 'a'.repeat(200_000)]) {
      expect(await anonymous.post('/share', { secret })).toEqual(tooLarge(3))
      expect(await ana.post('/share', { secret })).toEqual(tooLarge(5))
    }
    expect(await anonymous.post('/share', { secret: 'abcd' })).toEqual(tooLarge(3))
  })

  it('F13: keeps a secret that looks like an envelope as the text that it is', async () => {
    for (const secret of [
      '\x01emberlink',
      '{"sealed":"AAAA"}',
      '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    ]) {
      const { body } = await anybody.post('/share', { secret })
      expect((await anybody.post(`/secret/${body.secret_key}`)).body.value).toBe(secret)
    }
  })
})

describe('docs/api/v1.md section 3: passphrase', () => {
  it('treats an empty passphrase as no passphrase', async () => {
    const { body } = await anybody.post('/share', { secret: 'a', passphrase: '' })
    expect(body).toMatchObject({ passphrase_required: false })
    expect((await anybody.post(`/secret/${body.secret_key}`, { passphrase: '' })).body.value).toBe('a')
  })

  it.each([
    [' a', 'a'],
    ['a ', 'a'],
    ['a\n', 'a'],
    ['\ufeffa', 'a'],
    ['two words', 'two'],
    ['Grüße', 'Gru\u0308sse'],
    ['🔑', '\ufffd'],
  ])('F19: treats %j and %j as different passphrases', async (passphrase, other) => {
    const { body } = await anybody.post('/share', { secret: 'a', passphrase })
    const reveal = (tried: string) => anybody.post(`/secret/${body.secret_key}`, { passphrase: tried })
    expect(await reveal(other)).toEqual(unknownSecret(body.secret_key))
    expect((await reveal(passphrase)).body.value).toBe('a')
  })

  it('accepts a passphrase of 1,024 bytes, compares all of them, and rejects one more', async () => {
    const longest = 'é'.repeat(512)
    const { body } = await anybody.post('/share', { secret: 'a', passphrase: longest })
    const reveal = (passphrase: string) => anybody.post(`/secret/${body.secret_key}`, { passphrase })
    expect((await reveal(`${'é'.repeat(511)}eé`)).intended).toBe(404)
    expect((await reveal(longest)).body.value).toBe('a')
    expect(await anybody.post('/share', { secret: 'a', passphrase: `${longest}a` })).toEqual(
      rejection(413, 'Passphrase exceeds the maximum size of 1024 bytes'),
    )
  })

  it('ignores a passphrase for a secret without one', async () => {
    const { body } = await anybody.post('/share', { secret: 'a' })
    expect((await anybody.post(`/secret/${body.secret_key}`, { passphrase: 'b' })).body.value).toBe('a')
  })
})

describe('docs/api/v1.md section 3: generate', () => {
  const generated = async (params: Record<string, string>) =>
    (await anybody.post('/generate', params)).body.value

  it.each([
    [{}, 12],
    [{ length: '' }, 12],
    [{ length: 'many' }, 12],
    [{ length: '-5' }, 12],
    [{ length: '0' }, 4],
    [{ length: '3' }, 4],
    [{ length: '4' }, 4],
    [{ length: '128' }, 128],
    [{ length: '129' }, 128],
    [{ length: '99999999999999999999' }, 128],
  ])('with %j makes %i characters', async (params, length) => {
    expect(await generated(params as Record<string, string>)).toHaveLength(length)
  })

  it('uses every letter of an alphabet without lookalikes', async () => {
    const values = await Promise.all(Array.from({ length: 40 }, () => generated({ length: '128' })))
    const letters = [...new Set(values.join(''))].sort().join('')
    expect(letters).toBe('!$()*23456789?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz')
  })

  it('ignores `secret`, stores the value that it returns, and accepts a passphrase and a ttl', async () => {
    const { body } = await anybody.post('/generate', { secret: 'mine', passphrase: 'b', ttl: '60' })
    expect(body).toMatchObject({ ttl: 60, passphrase_required: true })
    const revealed = await anybody.post(`/secret/${body.secret_key}`, { passphrase: 'b' })
    expect(revealed.body.value).toBe(body.value)
    expect(body.value).not.toBe('mine')
  })
})
