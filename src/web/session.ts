import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Account, authenticate } from '../accounts/authenticate.ts'
import type { Token } from '../accounts/tokens.ts'
import { seconds } from '../time.ts'
import type { WebContext } from './context.ts'
import { readSealedCookie, setSealedCookie } from './sealed-cookie.ts'

const SESSION_TTL = seconds(12 * 3600)

/** Sets the account of each request with a valid session, and clears invalid sessions. */
export const session = fp(
  async (app: FastifyInstance, { web }: { web: WebContext }) => {
    app.addHook('onRequest', async (request, reply) => {
      request.account = await resumeSession(web, request, reply)
    })
  },
  { name: 'session', dependencies: ['credentials', '@fastify/cookie'] },
)

/** Signs an account in for 12 hours. Nothing is stored: the cookie contains the email address and API token, sealed. */
export function startSession(web: WebContext, reply: FastifyReply, { email, token }: Account): void {
  setSealedCookie(web, reply, { name: 'session', text: JSON.stringify([email, token]), ttl: SESSION_TTL })
}

/** Signs the account out by clearing its cookie. */
export function endSession({ cookies }: WebContext, reply: FastifyReply): void {
  cookies.clear(reply, 'session')
}

// Authenticates again for each request, so that replacing the API token ends the session.
async function resumeSession(
  web: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Account | undefined> {
  if (web.cookies.read(request, 'session') === undefined) return undefined
  const text = readSealedCookie(web, request, 'session')
  const account = text === undefined ? undefined : await authenticate(web.accounts, ...parse(text))
  if (text !== undefined && account === undefined) request.reportRejected(parse(text)[0])
  if (account === undefined) endSession(web, reply)
  return account
}

function parse(text: string): [email: string, token: Token] {
  return JSON.parse(text)
}
