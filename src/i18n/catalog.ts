import { readdirSync, readFileSync } from 'node:fs'
import { format, type Message, type MessageValues } from './format.ts'
import { type Locale, parseLocale } from './locale.ts'
import type english from './locales/en.json'

/** The key of a message, prefixed with its area: `email.subject`. */
export type MessageKey = keyof typeof english

/** All messages in one language. */
export type Catalog = Readonly<Record<MessageKey, Message>>

/** The language whose keys every other catalog must have, and the default of `LANGUAGE_DEFAULT`. */
export const FALLBACK_LOCALE = parseLocale('en')

const CATALOGS = loadCatalogs(new URL('./locales/', import.meta.url))

/** The languages with a catalog, sorted by tag. */
export const LOCALES: readonly Locale[] = [...CATALOGS.keys()]

/**
 * Returns a message in a language.
 *
 * @param locale One of `LOCALES`.
 * @param values A value for every placeholder of the message, inserted unescaped.
 * @throws RangeError when a placeholder has no value.
 */
export function translate(locale: Locale, key: MessageKey, values: MessageValues = {}): string {
  const message = CATALOGS.get(locale)?.[key]
  if (message === undefined) throw new RangeError(`no message ${key} in ${locale}`)
  return format(locale, message, values)
}

/**
 * Loads the catalogs in a folder: each file `TAG.json` adds a language.
 *
 * @param folder Its URL, with a trailing slash.
 * @returns The catalogs by language, sorted by tag.
 * @throws Error naming the file when a tag is not canonical, a file is not JSON, or a message is missing.
 */
export function loadCatalogs(folder: URL): ReadonlyMap<Locale, Catalog> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const tags = files.map((file) => file.slice(0, -'.json'.length)).sort()
  const catalogs = new Map(tags.map((tag) => readCatalog(folder, tag)))
  const keys = Object.keys(catalogs.get(FALLBACK_LOCALE) ?? {}) as MessageKey[]
  for (const [locale, catalog] of catalogs) {
    const missing = keys.filter((key) => catalog[key] === undefined)
    if (missing.length > 0) throw new Error(`${locale}.json lacks ${missing.join(', ')}`)
  }
  return catalogs
}

function readCatalog(folder: URL, tag: string): readonly [Locale, Catalog] {
  const file = `${tag}.json`
  try {
    return [parseLocale(tag), JSON.parse(readFileSync(new URL(file, folder), 'utf8'))]
  } catch (cause) {
    throw new Error(`cannot read the catalog ${file}`, { cause })
  }
}
