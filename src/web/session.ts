import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Account, authenticate } from '../accounts/authenticate.ts'
import { FIRST_EPOCH, SESSION_TTL, sessionEpoch } from '../accounts/sessions.ts'
import { accountIds, type Token } from '../accounts/tokens.ts'
import type { Milliseconds } from '../time.ts'
import type { WebContext } from './context.ts'
import { readSealedCookie, setSealedCookie } from './sealed-cookie.ts'

/** What a session cookie contains, as JSON. Those of older versions have no epoch, and ignore it. */
type SessionContent = readonly [email: string, token: Token, epoch?: Milliseconds]

declare module 'fastify' {
  interface FastifyRequest {
    /** The error on resuming the session, thrown once the form has been read; undefined for almost every request. */
    sessionFailure: Error | undefined
  }
}

/**
 * Sets the account of each request with a valid session, and clears invalid sessions. If the store fails, a form that is shown
 * again is read first, so that nothing typed is lost.
 */
export const session = fp(
  async (app: FastifyInstance, { web }: { web: WebContext }) => {
    app.decorateRequest('sessionFailure', undefined)
    app.addHook('onRequest', async (request, reply) => {
      try {
        request.account = await resumeSession(web, request, reply)
      } catch (error) {
        if (!request.routeOptions.config.showsFormAgain) throw error
        request.sessionFailure = error as Error
      }
    })
    app.addHook('preValidation', (request, _reply, done) => done(request.sessionFailure))
  },
  { name: 'session', dependencies: ['credentials', '@fastify/cookie'] },
)

/**
 * Signs an account in for 12 hours, and ends any other session of this browser. Nothing is stored: the cookie contains the
 * email address and API token, sealed.
 *
 * @param epoch As returned by `sessionEpoch` or `endSessions`.
 */
export function startSession(
  web: WebContext,
  reply: FastifyReply,
  { email, token }: Account,
  epoch: Milliseconds,
): void {
  const content: SessionContent = [email, token, epoch]
  setSealedCookie(web, reply, { name: 'session', text: JSON.stringify(content), ttl: SESSION_TTL })
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
  const content = text === undefined ? undefined : parse(text)
  const account = content && (await authenticateSession(web, content))
  if (account === undefined) {
    if (content !== undefined) request.reportRejected(content[0])
    endSession(web, reply)
  }
  return account
}

async function authenticateSession(
  { accounts }: WebContext,
  [email, token, epoch = FIRST_EPOCH]: SessionContent,
): Promise<Account | undefined> {
  const [account, newest] = await Promise.all([
    authenticate(accounts, email, token),
    sessionEpoch(accounts, { ids: accountIds(accounts.ring, email) }),
  ])
  return epoch < newest ? undefined : account
}

function parse(text: string): SessionContent {
  return JSON.parse(text)
}
