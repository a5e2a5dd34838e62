import { readFileSync } from 'node:fs'
import type { Message } from '../../src/i18n/format.ts'

/** The folder of the catalogs. */
export const FOLDER = new URL('../../src/i18n/locales/', import.meta.url)

/** Returns the text of a catalog's file. */
export function textOf(locale: string): string {
  return readFileSync(new URL(`${locale}.json`, FOLDER), 'utf8')
}

/** Reads a catalog. */
export function catalogOf(locale: string): Record<string, Message> {
  return JSON.parse(textOf(locale))
}

/** Returns the text of a message, or all of its plural forms. */
export function formsOf(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message)
}

/** Returns each text of a catalog with its key. */
export function textsOf(locale: string): readonly (readonly [key: string, text: string])[] {
  return Object.entries(catalogOf(locale)).flatMap(([key, message]) =>
    formsOf(message).map((text) => [key, text] as const),
  )
}
