import type { FastifyReply, FastifyRequest } from 'fastify'
import { knownLocale, LOCALE_COOKIE } from '../http/request-locale.ts'
import type { Locale } from '../i18n/locale.ts'
import { queryString } from './query-string.ts'

const YEAR_SECONDS = 365 * 24 * 3600

/** Returns the language in the query string, which the language menu sets. */
export function chosenLocale(request: FastifyRequest): Locale | undefined {
  return knownLocale(queryString(request).get('language') ?? undefined)
}

/**
 * Stores the choice from the language menu in a cookie, for a year.
 *
 * @param base The base path of the site; empty for none.
 */
export function keepLocale(base: string, request: FastifyRequest, reply: FastifyReply): void {
  const locale = chosenLocale(request)
  if (locale === undefined) return
  const path = base === '' ? '/' : base
  reply.setCookie(LOCALE_COOKIE, locale, { path, maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true })
}
