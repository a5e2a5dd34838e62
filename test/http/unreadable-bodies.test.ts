import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RATE_LIMITS } from '../../src/config/rate-limits.ts'
import { startTestServer } from '../../src/testing.ts'
import { ANA, type Api, api, basic, failure, rejection } from '../api/client.ts'
import { multipart } from '../api/encodings.ts'
import { Visitor } from '../web/visitor.ts'

const LIMITED = failure(429, 'Apologies dear citizen! You have been rate limited.')

async function start(settings: Record<string, string>) {
  const server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { RATE_LIMIT: DEFAULT_RATE_LIMITS, ...settings },
  })
  onTestFinished(() => server.close())
  return server
}

const json = (caller: Api, body: string) =>
  caller.call('POST', '/share', { headers: { 'content-type': 'application/json' }, body })

describe('unreadable bodies', () => {
  it('have a limit of their own, beyond which no body of the client network is read', async () => {
    const server = await start({ RATE_LIMIT: 'unreadable-body=4/600', TRUST_PROXY: '1' })
    const from = (address: string) => api(server, { 'x-forwarded-for': address })
    const attacker = from('192.0.2.1')
    const { headers, body } = multipart({ secret: 'a' }, '')
    expect((await attacker.post('/share', { secret: 'a' })).status).toBe(200)
    expect((await json(attacker, '{')).intended).toBe(400)
    expect((await attacker.call('POST', '/share', { body: 'secret=%zz' })).intended).toBe(400)
    expect((await attacker.call('POST', '/share', { headers, body: body.slice(0, 80) })).intended).toBe(400)
    expect((await attacker.post('/share', { note: 'a'.repeat(200_000) })).intended).toBe(413)
    server.clock.advance(100)
    expect(await json(attacker, '{')).toEqual({ ...LIMITED, retryAfter: 500 })
    expect(await attacker.post('/share', { secret: 'a' })).toEqual({ ...LIMITED, retryAfter: 500 })
    expect((await attacker.call('POST', '/share?secret=a')).status).toBe(200)
    expect((await from('192.0.2.2').post('/share', { secret: 'a' })).status).toBe(200)
    server.clock.advance(500)
    expect((await attacker.post('/share', { secret: 'a' })).status).toBe(200)
  })

  it('are counted for an account by itself, so that its neighbors do not lock it out', async () => {
    const server = await start({ RATE_LIMIT: 'unreadable-body=1/600' })
    const [anybody, ana] = [api(server), api(server, basic())]
    await json(anybody, '{')
    expect((await json(anybody, '{')).status).toBe(429)
    expect((await json(ana, '{')).intended).toBe(400)
    expect((await ana.post('/share')).intended).toBe(400)
    expect((await json(ana, '{')).status).toBe(429)
    expect((await ana.post('/share', { secret: 'a' })).status).toBe(429)
  })

  it('are counted on the pages, too', async () => {
    const server = await start({ RATE_LIMIT: 'unreadable-body=1/600' })
    const visitor = new Visitor(server)
    const broken = () => visitor.send('POST', '/', { 'Content-Length': '3' }, 'a=%')
    expect((await broken()).status).toBe(400)
    expect((await broken()).status).toBe(429)
    expect((await visitor.get('/')).status).toBe(200)
  })

  it('are not counted when only the query is malformed', async () => {
    const server = await start({ RATE_LIMIT: 'unreadable-body=1/600' })
    for (let i = 0; i < 3; i += 1) {
      expect((await api(server).call('POST', '/share?secret=%zz')).intended).toBe(400)
    }
    expect((await api(server).post('/share', { secret: 'a' })).status).toBe(200)
  })
})

describe('a body that would be expensive to parse', () => {
  const part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
  it.each([
    [
      '1,900 parts',
      'multipart/form-data; boundary=x',
      `${part.repeat(1900)}--x--\r\n`,
      'more than 100 parts',
    ],
    [
      '60,000 parameters',
      'application/x-www-form-urlencoded',
      'a&'.repeat(60_000),
      'more than 100 parameters',
    ],
    [
      'JSON 60,000 levels deep',
      'application/json',
      `{"secret":"a","x":${'['.repeat(60_000)}`,
      'JSON nested more than 20 levels deep',
    ],
    [
      '60,000 JSON values',
      'application/json',
      `{"x":[${'1,'.repeat(60_000)}1]}`,
      'more than 1000 values in JSON',
    ],
  ])('is rejected by its shape alone: %s', async (_what, type, body, reason) => {
    const server = await start({})
    const answer = await api(server).call('POST', '/share', { headers: { 'content-type': type }, body })
    expect(answer).toEqual(rejection(400, `Malformed request: ${reason}`))
  })

  it('is not JSON with brackets and commas in its strings, or of 20 levels', async () => {
    const server = await start({})
    const secret = `${'[,"\\'.repeat(2000)}`
    const deep = `${'['.repeat(19)}${']'.repeat(19)}`
    const { body } = await json(api(server), `{"secret":${JSON.stringify(secret)},"x":${deep}}`)
    expect((await api(server).post(`/secret/${body.secret_key}`)).body.value).toBe(secret)
  })
})
