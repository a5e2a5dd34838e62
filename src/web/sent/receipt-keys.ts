import type { FastifyReply, FastifyRequest } from 'fastify'
import { parseReceiptKey, type ReceiptKey } from '../../secrets/keys.ts'
import { seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'
import { readSealedCookie, setSealedCookie } from '../sealed-cookie.ts'

const SENT_TTL = seconds(3600)

/** Passes receipt keys to the page of links that were sent, for an hour, in this browser and for this account only. */
export function passReceiptKeys(
  web: WebContext,
  { account }: FastifyRequest,
  reply: FastifyReply,
  receiptKeys: readonly ReceiptKey[],
): void {
  const text = JSON.stringify([account?.email ?? '', ...receiptKeys])
  setSealedCookie(web, reply, { name: 'sent', text, ttl: SENT_TTL })
}

/** Reads the receipt keys; none when they are missing, expired, or passed to another account. */
export function passedReceiptKeys(web: WebContext, request: FastifyRequest): ReceiptKey[] {
  const text = readSealedCookie(web, request, 'sent')
  if (text === undefined) return []
  const [email, ...receiptKeys] = JSON.parse(text) as [string, ...string[]]
  return email === request.account?.email ? receiptKeys.map(parseReceiptKey) : []
}
