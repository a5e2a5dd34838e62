import type { FastifyInstance } from 'fastify'
import { DomainError } from '../../errors.ts'
import { statusOf } from '../../http/errors.ts'
import { claimSecret } from '../../secrets/claim.ts'
import { parseSecretKey } from '../../secrets/keys.ts'
import { peekSecret } from '../../secrets/peek.ts'
import type { WebContext } from '../context.ts'
import { revealedPage, waitingPage } from './view.ts'

/** Registers `/secret/:key`, where a secret link leads. GET changes nothing; only the form on the page reveals the secret. */
export function recipientRoutes(app: FastifyInstance, { secrets }: WebContext): void {
  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:key',
    config: { rateLimit: 'none' },
    handler: async ({ params, view }, reply) => {
      const secretKey = parseSecretKey(params.key)
      const peeked = await peekSecret(secrets, secretKey)
      if (peeked === undefined) throw new DomainError('unknown_secret')
      return reply.page(waitingPage(view, { secretKey, ...peeked }))
    },
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    config: { rateLimit: 'reveal' },
    handler: async (request, reply) => {
      const { params, view, claimant } = request
      const secretKey = parseSecretKey(params.key)
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      const result = await claimSecret(secrets, { secretKey, passphrase, ...claimant }, 'received')
      switch (result.kind) {
        case 'won':
          return reply.pageOnce(revealedPage(view, result.secret.value))
        case 'gone':
          throw new DomainError('unknown_secret')
        case 'wrong_passphrase': {
          const page = waitingPage(view, { secretKey, passphraseRequired: true, rejected: result })
          return reply.code(statusOf('incorrect_passphrase')).page(page)
        }
      }
    },
  })
}
