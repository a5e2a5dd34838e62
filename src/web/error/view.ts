import { html } from '@remix-run/html-template'
import type { DomainError, ErrorCode } from '../../errors.ts'
import type { MessageKey } from '../../i18n/catalog.ts'
import type { View } from '../context.ts'
import type { Page } from '../layout/layout.ts'
import { inTime } from '../layout/times.ts'

const SOON_SECONDS = 60

const TEXTS = {
  unknown_secret: 'gone.lead',
  incorrect_passphrase: 'reveal.wrong',
  not_authorized: 'error.not_authorized',
  nothing_to_share: 'error.nothing_to_share',
  secret_too_large: 'error.secret_too_large',
  passphrase_too_large: 'error.passphrase_too_large',
  undeliverable_address: 'error.undeliverable_address',
  too_many_recipients: 'error.too_many_recipients',
  account_required: 'error.account_required',
  unknown_domain: 'error.unknown_domain',
  malformed_parameter: 'error.malformed_request',
  malformed_request: 'error.malformed_request',
  mail_not_configured: 'error.mail_not_configured',
  mail_failed: 'error.mail_failed',
  rate_limited: 'error.rate_limited',
  store_unavailable: 'error.unavailable',
  overloaded: 'error.unavailable',
  shutting_down: 'error.unavailable',
  client_disconnected: 'error.unavailable',
  unreadable_record: 'error.unexpected',
} as const satisfies Record<ErrorCode, MessageKey>

/** What the texts may say of a failure. */
interface ErrorValues {
  readonly limit?: number
  readonly subject?: string
  readonly retryAfter?: number
}

/** @returns What a person reads of a failure, in the reader's language. */
export function errorText({ say, locale, requestId }: View, { code, detail }: DomainError): string {
  const { limit = 0, subject = '', retryAfter = SOON_SECONDS } = detail as ErrorValues
  return say(TEXTS[code], { limit, subject, time: inTime(locale, retryAfter), id: requestId })
}

/** The page of a failure that no other page can show. */
export function errorPage({ say, base }: View, title: MessageKey, text: string, back?: string): Page {
  return {
    title: say(title),
    path: '/',
    plain: true,
    main: html`<h1>${say(title)}</h1>
<p class="lead">${text}</p>
<p class="buttons">${
      back === undefined
        ? html`<a class="button quiet" href="${base}/">${say('error.home')}</a>`
        : html`<a class="button primary" href="${base}${back}">${say('error.back')}</a>`
    }</p>`,
  }
}
