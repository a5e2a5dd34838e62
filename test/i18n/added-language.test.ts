import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Catalog, loadCatalogs } from '../../src/i18n/catalog.ts'
import { directionOf } from '../../src/i18n/locale.ts'
import { negotiateLocale } from '../../src/i18n/negotiate.ts'
import type { startTestServer, TestServer } from '../../src/testing.ts'
import { ANA, api, basic } from '../api/client.ts'
import { everyPage } from '../web/pages.ts'
import { cookiesOf, Visitor } from '../web/visitor.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const ADDED = [
  ['he', 'rtl', 'עברית'],
  ['fr-CA', 'ltr', 'Français (Canada)'],
  ['zh-HK', 'ltr', '中文（中國香港特別行政區）'],
] as const

let folder: string
let locales: URL
let server: TestServer

/** Copies the compiled server, adds one file for each language, and starts the copy. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emberlink-language-'))
  cpSync(`${ROOT}dist`, join(folder, 'dist'), { recursive: true })
  cpSync(`${ROOT}package.json`, join(folder, 'package.json'))
  symlinkSync(`${ROOT}node_modules`, join(folder, 'node_modules'))
  locales = pathToFileURL(join(folder, 'dist/i18n/locales/'))
  const english: Catalog = JSON.parse(readFileSync(new URL('en.json', locales), 'utf8'))
  for (const [tag] of ADDED) {
    const catalog = {
      ...withPluralsOf(tag, english),
      'signin.title': `signin in ${tag}`,
      'email.intro': `{sender} in ${tag}`,
    }
    writeFileSync(new URL(`${tag}.json`, locales), JSON.stringify(catalog))
  }
  const copy: { startTestServer: typeof startTestServer } = await import(
    pathToFileURL(join(folder, 'dist/testing.js')).href
  )
  server = await copy.startTestServer({ accounts: { [ANA.email]: ANA.token } })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Returns a catalog in which each message with plural forms has those of another language. */
function withPluralsOf(tag: string, catalog: Catalog): Catalog {
  const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions()
  const entries = Object.entries(catalog).map(([key, message]) => [
    key,
    typeof message === 'string'
      ? message
      : Object.fromEntries(pluralCategories.map((category) => [category, message.other])),
  ])
  return Object.fromEntries(entries)
}

describe.each(ADDED)('a language added by the file %s.json alone', (tag, direction, name) => {
  it('is among the languages to negotiate, with the direction of its script', () => {
    const [locale] = [...loadCatalogs(locales).keys()].filter((known) => known === tag)
    expect(locale && directionOf(locale)).toBe(direction)
    expect(negotiateLocale(`${tag},en;q=0.5`, [...loadCatalogs(locales).keys()])).toBe(tag)
  })

  it('is the language of every page when the browser asks for it', async () => {
    for (const { name, answer } of await everyPage(server, { 'Accept-Language': `${tag},en;q=0.5` })) {
      if (answer.status === 303) continue
      expect(answer.status, name).toBeLessThan(500)
      expect(answer.text, name).toContain(`<html lang="${tag}" dir="${direction}">`)
    }
  })

  it('is in the language menu under its own name, and the cookie keeps the choice', async () => {
    const visitor = new Visitor(server, { 'Accept-Language': 'de' })
    expect((await visitor.get('/signin')).text).toContain(
      `href="/signin?language=${tag}" hreflang="${tag}" lang="${tag}" >${name}</a>`,
    )
    const chosen = await visitor.get(`/signin?language=${tag}`)
    expect(chosen.heading).toBe(`signin in ${tag}`)
    expect(cookiesOf(chosen)).toContainEqual(expect.objectContaining({ name: 'language', value: tag }))
    expect((await visitor.get('/signin')).heading).toBe(`signin in ${tag}`)
  })

  it('is the language of emails to the recipients of a sender who asks for it', async () => {
    const ana = api(server, { ...basic(ANA.email, ANA.token), 'Accept-Language': tag })
    await ana.post('/share', { secret: 'x', recipient: 'bo@example.com' })
    expect(server.mails.at(-1)?.locale).toBe(tag)
  })
})

describe('a folder of catalogs is rejected', () => {
  it.each([
    ['pt_BR.json', '{}', 'cannot read the catalog pt_BR.json'],
    ['sv.json', '{', 'cannot read the catalog sv.json'],
    ['sv.json', '{"nav.new": "Ny"}', 'sv.json lacks email.subject, '],
  ])('for a file %s that says %j', (file, text, message) => {
    writeFileSync(new URL(file, locales), text)
    try {
      expect(() => loadCatalogs(locales)).toThrow(message)
    } finally {
      rmSync(new URL(file, locales))
    }
  })
})
