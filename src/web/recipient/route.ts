import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../errors.ts'
import { reportError, statusOf } from '../../http/errors.ts'
import { claimSecret } from '../../secrets/claim.ts'
import { parseSecretKey, type SecretKey } from '../../secrets/keys.ts'
import { peekSecret } from '../../secrets/peek.ts'
import { secretExpiry } from '../../secrets/records.ts'
import type { WebContext } from '../context.ts'
import { pauseText, wrongPassphraseText } from './rejection.ts'
import { revealedPage } from './revealed.ts'
import { type WaitingSecret, waitingPage } from './waiting.ts'

/** Registers `/secret/:key`, where a secret link leads. GET changes nothing; only the form on the page reveals the secret. */
export function recipientRoutes(app: FastifyInstance, { secrets }: WebContext): void {
  app.route<{ Params: { key: string } }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:key',
    config: { rateLimit: 'none' },
    handler: async ({ params, view }, reply) =>
      reply.page(waitingPage(view, await findWaiting(parseSecretKey(params.key)))),
  })

  app.route<{ Params: { key: string } }>({
    method: 'POST',
    url: '/secret/:key',
    // Whoever knows the key of a secret can reveal it without a browser, so that a forged form gains nothing.
    config: { rateLimit: 'reveal', csrf: 'origin' },
    handler: async (request, reply) => {
      const { params, view, claimant } = request
      const secretKey = parseSecretKey(params.key)
      const passphrase = (await request.parameters()).text('passphrase') ?? ''
      const result = await claimSecret(secrets, { secretKey, passphrase, ...claimant }, 'received')
      switch (result.kind) {
        case 'won':
          return reply.page(revealedPage(view, result.secret.value))
        case 'gone':
          throw new DomainError('unknown_secret')
        case 'wrong_passphrase': {
          const waiting = await findWaiting(secretKey)
          const text = wrongPassphraseText(view, result, secrets.now())
          const page = waitingPage(view, { ...waiting, error: { at: 'passphrase', text } })
          return reply.code(statusOf('incorrect_passphrase')).page(page)
        }
      }
    },
    errorHandler: async (error, request, reply) => {
      if (!(error instanceof DomainError) || error.code !== 'rate_limited') throw error
      return showPause(request, reply, error)
    },
  })

  /** Shows the form again, with the time from which it is accepted. */
  async function showPause(
    request: FastifyRequest<{ Params: { key: string } }>,
    reply: FastifyReply,
    error: DomainError,
  ): Promise<FastifyReply> {
    const { params, view } = request
    const waiting = await findWaiting(parseSecretKey(params.key))
    const text = pauseText(view, error, secrets.now())
    const page = waitingPage(view, { ...waiting, error: { at: 'form', text } })
    return reply.code(reportError(request, reply, error)).page(page)
  }

  /**
   * Looks for an available secret, without changing anything.
   *
   * @throws DomainError `unknown_secret` when the secret is unknown or no longer available.
   */
  async function findWaiting(secretKey: SecretKey): Promise<WaitingSecret> {
    const peeked = await peekSecret(secrets, secretKey)
    if (peeked === undefined) throw new DomainError('unknown_secret')
    const { passphraseRequired, sender } = peeked
    return { secretKey, passphraseRequired, sender, expires: secretExpiry(peeked) }
  }
}
