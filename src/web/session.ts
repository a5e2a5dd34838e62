import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Account, authenticate } from '../accounts/authenticate.ts'
import type { Token } from '../accounts/tokens.ts'
import { seconds } from '../time.ts'
import type { WebContext } from './context.ts'
import { openValue, sealValue } from './sealed-cookie.ts'

const SESSION_SECONDS = seconds(12 * 3600)

/** Keeps an account signed in for 12 hours: its e-mail and token travel in the cookie, sealed, and nothing is stored. */
export function startSession(
  { secrets: { ring, now }, cookies }: WebContext,
  reply: FastifyReply,
  { email, token }: Account,
): void {
  const sealed = sealValue(ring, 'session', JSON.stringify([email, token]), now(), SESSION_SECONDS)
  cookies.set(reply, 'session', sealed, SESSION_SECONDS)
}

/**
 * Proves the account anew, so that a session ends with its token.
 * @returns Who has signed in; undefined for a stranger, whose void session is cleared.
 * @throws DomainError `store_unavailable`.
 */
export async function resumeSession(
  { secrets: { ring, now }, accounts, cookies }: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Account | undefined> {
  const sealed = cookies.read(request, 'session')
  if (sealed === undefined) return undefined
  const text = openValue(ring, 'session', sealed, now())
  const account = text === undefined ? undefined : await authenticate(accounts, ...parse(text))
  if (account === undefined) cookies.clear(reply, 'session')
  return account
}

function parse(text: string): [email: string, token: Token] {
  return JSON.parse(text)
}
