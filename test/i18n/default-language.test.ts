import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { Visitor } from '../web/visitor.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { LANGUAGE_DEFAULT: 'zh-TW' },
  })
})
afterAll(() => server.close())

const UNSUPPORTED = { 'Accept-Language': 'sv, da;q=0.5' }

describe('LANGUAGE_DEFAULT', () => {
  it.each([
    ['names no language', {}],
    ['names only languages without a catalog', UNSUPPORTED],
    ['accepts any language', { 'Accept-Language': '*' }],
  ])('is the language of a page, and of an error, for a browser that %s', async (_, headers) => {
    const visitor = new Visitor(server, headers)
    for (const [path, heading] of [
      ['/signin', '登入'],
      ['/nowhere', '沒有這個頁面'],
      // Malformed: it passes no hook.
      ['/%zz', '操作未成功'],
    ] as const) {
      const page = await visitor.get(path)
      expect(page.heading, path).toBe(heading)
      expect(page.text, path).toContain('<html lang="zh-TW" dir="ltr">')
    }
  })

  it('gives way to Accept-Language, to the cookie and to the menu', async () => {
    const visitor = new Visitor(server, { 'Accept-Language': 'it' })
    expect((await visitor.get('/signin')).heading).toBe('Accedi')
    visitor.cookies.set('language', 'de')
    expect((await visitor.get('/signin')).heading).toBe('Anmelden')
    expect((await visitor.get('/signin?language=pt-BR')).heading).toBe('Entrar')
    visitor.cookies.set('language', 'xx')
    expect((await visitor.get('/signin', UNSUPPORTED)).heading).toBe('登入')
  })

  it('is the language of emails to the recipients of a sender who asks for no other', async () => {
    for (const headers of [{}, UNSUPPORTED, { 'Accept-Language': 'fr' }]) {
      const ana = api(server, { ...basic(ANA.email, ANA.token), ...headers })
      await ana.post('/share', { secret: 'x', recipient: 'bo@example.com' })
    }
    expect(server.mails.map(({ locale }) => locale)).toEqual(['zh-TW', 'zh-TW', 'fr'])
  })

  it('is the default of /supported-locales', async () => {
    const response = await fetch(`${server.url}/api/v2/supported-locales`)
    expect(await response.json()).toMatchObject({ default_locale: 'zh-TW', locale: 'zh-TW' })
  })
})
