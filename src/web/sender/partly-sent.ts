import { randomBytes } from 'node:crypto'
import { html, type SafeHtml } from '@remix-run/html-template'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { canonicalEmail } from '../../accounts/email-address.ts'
import type { Params } from '../../http/params.ts'
import { seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'
import { readSealedCookie, setSealedCookie } from '../sealed-cookie.ts'
import type { SentTo } from '../sent/view.ts'
import { withRecipients } from './form-values.ts'

const COPY_FIELD = 'copy'
const COPY_BYTES = 9
const PARTLY_SENT_TTL = seconds(3600)

/** Which recipients of a form got their links, and which did not. */
export interface PartlySent {
  readonly sent: readonly SentTo[]
  /** Email addresses. */
  readonly failed: readonly string[]
}

/** What the cookie contains, as JSON: for which account and copy of the form. */
interface Remembered extends PartlySent {
  readonly email: string | undefined
  readonly copy: string | undefined
}

/** Renders the hidden field that tells each copy of the form from the others, so that a reload is known as one. */
export function copyField(): SafeHtml {
  return html`<input type="hidden" name="${COPY_FIELD}" value="${randomBytes(COPY_BYTES).toString('base64url')}">`
}

/** Remembers, in the browser and for an hour, which recipients of a form got their links. */
export function rememberPartlySent(
  web: WebContext,
  { account }: FastifyRequest,
  reply: FastifyReply,
  params: Params,
  { sent, failed }: PartlySent,
): void {
  const remembered: Remembered = { email: account?.email, copy: params.text(COPY_FIELD), sent, failed }
  setSealedCookie(web, reply, { name: 'partly_sent', text: JSON.stringify(remembered), ttl: PARTLY_SENT_TTL })
}

/** Returns what became of the very same form before; undefined if this browser has not sent it, or it was changed since. */
export function partlySentBefore(
  web: WebContext,
  request: FastifyRequest,
  params: Params,
): PartlySent | undefined {
  const copy = params.text(COPY_FIELD)
  const text = copy === undefined ? undefined : readSealedCookie(web, request, 'partly_sent')
  if (text === undefined) return undefined
  const remembered = JSON.parse(text) as Remembered
  if (remembered.copy !== copy || remembered.email !== request.account?.email) return undefined
  const { sent, failed } = remembered
  const before = new Set([...failed, ...sent.map(({ address }) => address)].map(canonicalEmail))
  const now = withRecipients(params).list('recipient').filter(Boolean)
  return now.every((address) => before.has(canonicalEmail(address))) ? remembered : undefined
}
