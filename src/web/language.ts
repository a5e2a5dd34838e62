import type { FastifyReply, FastifyRequest } from 'fastify'
import { asLocale, LOCALE_COOKIE } from '../http/locale.ts'
import type { Locale } from '../i18n/catalog.ts'

const YEAR_SECONDS = 365 * 24 * 3600

/** @returns The language that the link of a language menu asks for. */
export function chosenLocale(request: FastifyRequest): Locale | undefined {
  const { text } = (request.query ?? {}) as { text?: string }
  return asLocale(new URLSearchParams(text).get('language') ?? undefined)
}

/** Keeps a choice from the language menu for a year. */
export function keepLocale(base: string, request: FastifyRequest, reply: FastifyReply): void {
  const locale = chosenLocale(request)
  if (locale === undefined) return
  const path = base === '' ? '/' : base
  reply.setCookie(LOCALE_COOKIE, locale, { path, maxAge: YEAR_SECONDS, sameSite: 'lax', httpOnly: true })
}
