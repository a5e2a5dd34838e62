import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Account, authenticate, emailOf } from '../accounts/authenticate.ts'
import type { AccountsContext } from '../accounts/context.ts'
import { pseudonymOf } from '../accounts/pseudonym.ts'
import { parseToken } from '../accounts/tokens.ts'
import type { TokenAttempts } from './token-attempts.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Checks a user name (email address or ur name) and an API token, as the client sent them.
     *
     * @returns Undefined when either is wrong or empty.
     * @throws DomainError `rate_limited` after too many wrong tokens, `store_unavailable`.
     */
    checkCredentials(user: string, token: string): Promise<Account | undefined>
    /** Reports rejected credentials to the audit log. `checkCredentials` does so itself. */
    reportRejected(user: string): void
  }
}

/** What checking credentials depends on. */
export interface CredentialsOptions {
  readonly accounts: AccountsContext
  readonly tokenAttempts: TokenAttempts
}

/** Decorates requests with the one check of credentials that the APIs and the pages share. */
export const credentials = fp(
  async (app: FastifyInstance, { accounts, tokenAttempts }: CredentialsOptions) => {
    app.decorateRequest('checkCredentials', async function (this: FastifyRequest, user, token) {
      const client = { network: this.claimant.network, email: emailOf(accounts, user) }
      return tokenAttempts(client, async () => {
        const proof = parseToken(token)
        const account = user !== '' && proof ? await authenticate(accounts, user, proof) : undefined
        if (account === undefined) this.reportRejected(user)
        return account
      })
    })
    app.decorateRequest('reportRejected', function (this: FastifyRequest, user) {
      const account = user === '' ? undefined : pseudonymOf(accounts.ring, emailOf(accounts, user))
      accounts.onEvent?.('authentication_failed', account, this.actor)
    })
  },
  { name: 'credentials', dependencies: ['request-caller'] },
)
