import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ReceiptKey } from '../secrets/keys.ts'
import { seconds } from '../time.ts'
import type { WebContext } from './context.ts'
import { readSealedCookie, setSealedCookie } from './sealed-cookie.ts'

const GENERATED_TTL = seconds(300)

/** Passes a generated value to the receipt page that follows, in this browser only. */
export function passGeneratedValue(
  web: WebContext,
  reply: FastifyReply,
  receiptKey: ReceiptKey,
  value: string,
): void {
  const text = JSON.stringify([receiptKey, value])
  setSealedCookie(web, reply, { name: 'generated', text, ttl: GENERATED_TTL })
}

/** Reads and clears the generated value; undefined when it is missing, expired, or belongs to another receipt. */
export function takeGeneratedValue(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  receiptKey: ReceiptKey,
): string | undefined {
  if (web.cookies.read(request, 'generated') === undefined) return undefined
  web.cookies.clear(reply, 'generated')
  const text = readSealedCookie(web, request, 'generated')
  if (text === undefined) return undefined
  const [passedTo, value] = JSON.parse(text) as [string, string]
  return passedTo === receiptKey ? value : undefined
}
