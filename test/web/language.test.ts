import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LOCALES } from '../../src/i18n/catalog.ts'
import { conventionsOf, directionOf } from '../../src/i18n/locale.ts'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { ANA } from '../api/client.ts'
import { everyPage } from './pages.ts'
import { cookiesOf, Visitor } from './visitor.ts'

/** The languages that come with the server; more may be added by their files. */
const OWN_NAMES = [
  'Deutsch',
  'English',
  'Español',
  'Français',
  'Italiano',
  'Nederlands',
  'Polski',
  'Português (Brasil)',
  'Português (Portugal)',
  'Українська',
  'العربية',
  '中文（简体）',
  '中文（繁體）',
  '日本語',
]

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    accounts: { [ANA.email]: ANA.token },
    settings: { REGION: 'eu', REGIONS: 'eu=https://eu.example.com,us=https://us.example.com' },
  })
})
afterAll(() => server.close())

describe.each(LOCALES)('in %s', (locale) => {
  it('each page is in the language that the browser asks for', async () => {
    const direction = directionOf(locale)
    for (const { name, answer } of await everyPage(server, { 'Accept-Language': `${locale},en;q=0.5` })) {
      if (answer.status === 303) continue
      expect(answer.status, name).toBeLessThan(500)
      expect(answer.text, name).toContain(`<html lang="${conventionsOf(locale)}" dir="${direction}">`)
      expect(answer.heading, name).not.toBe('')
      expect(answer.text.replaceAll(/data-text="[^"]*"/g, ''), name).not.toMatch(/[{}]/)
    }
  })
})

it('the language menu names each language in itself, in the order of these names, and keeps the choice', async () => {
  const visitor = new Visitor(server, { 'Accept-Language': 'de' })
  const page = await visitor.get('/signin')
  expect(page.heading).toBe('Anmelden')
  const names = [...page.text.matchAll(/hreflang="[\w-]+"[^>]*>([^<]+)</g)].map(([, name]) => name)
  expect(names).toHaveLength(LOCALES.length)
  expect(names.filter((name) => OWN_NAMES.includes(name ?? ''))).toEqual(OWN_NAMES)
  expect(page.text).toMatch(/href="\/signin\?language=de" hreflang="de" lang="de" aria-current="true"/)

  const chosen = await visitor.get('/signin?language=it')
  expect(chosen.heading).toBe('Accedi')
  expect(cookiesOf(chosen).find(({ name }) => name === 'language')?.attributes).toMatch(
    /Max-Age=31536000; Path=\/; HttpOnly; SameSite=Lax/,
  )
  expect((await visitor.get('/signin')).heading).toBe('Accedi')
})

it('an unknown language is ignored, in the query and in the cookie', async () => {
  for (const query of ['?language=xx', '?language=', '?language=en%0d%0aX:', '?language[]=it', '?%ff']) {
    const page = await new Visitor(server).get(`/signin${query}`)
    expect(page).toMatchObject({ status: 200, heading: 'Sign in' })
    expect(cookiesOf(page).map(({ name }) => name)).toEqual(['csrf'])
  }
  const forged = new Visitor(server)
  forged.cookies.set('language', 'zz')
  expect((await forged.get('/signin')).heading).toBe('Sign in')
})

it('the footer names the region and links to the others', async () => {
  const { text } = await new Visitor(server).get('/')
  expect(text).toContain('Region: eu')
  expect(text).toContain('<a href="https://us.example.com/">us</a>')
  expect(text).not.toContain('https://eu.example.com')
})
