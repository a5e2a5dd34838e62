import type { FastifyPluginAsync } from 'fastify'
import { DomainError } from '../../errors.ts'
import { checkPassphrase } from '../../secrets/check-passphrase.ts'
import { assertWon, claimSecret } from '../../secrets/claim.ts'
import { parseSecretKey } from '../../secrets/keys.ts'
import { peekSecret } from '../../secrets/peek.ts'
import { anyone } from '../route-schemas.ts'
import { claimParameters, type SecretParameter, secretParameter } from './parameter-schemas.ts'
import { presentPeeked, presentRevealed } from './present-secrets.ts'
import { cleanIdentifier, saysContinue } from './read-parameters.ts'
import { responses } from './response-schemas.ts'
import type { VersionOptions } from './version.ts'
import { peekedSchema, revealedSchema } from './wire-objects.ts'

/** `GET /secret/:secretKey`, which changes nothing, and `POST /secret/:secretKey/reveal`. */
export const secretRoutes: FastifyPluginAsync<VersionOptions> = async (app, { context: { secrets } }) => {
  app.route<{ Params: SecretParameter }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:secretKey',
    schema: {
      summary: 'Look at a secret without revealing it',
      ...anyone,
      ...secretParameter,
      response: responses(peekedSchema, 'The secret, without its value.', 404),
    },
    config: { rateLimit: 'none' },
    handler: async ({ params }) => {
      const secretKey = parseSecretKey(cleanIdentifier(params.secretKey))
      const peeked = await peekSecret(secrets, secretKey)
      if (peeked === undefined) throw new DomainError('unknown_secret')
      return presentPeeked({ secretKey, ...peeked }, peeked.passphraseRequired ? 'missing' : 'correct')
    },
  })

  app.route<{ Params: SecretParameter }>({
    method: 'POST',
    url: '/secret/:secretKey/reveal',
    schema: {
      summary: 'Reveal a secret and delete it',
      description:
        'At most one caller ever receives the secret, and only with `continue`. A wrong passphrase or a 429 leaves it unread. If the response is lost on its way, the secret is lost too.',
      ...anyone,
      ...secretParameter,
      ...claimParameters,
      response: responses(
        revealedSchema,
        'The secret with its value, which is no longer on the server; without `continue`, the secret without it.',
        ...([400, 404, 422] as const),
      ),
    },
    config: { rateLimit: 'reveal' },
    handler: async (request) => {
      const secretKey = parseSecretKey(cleanIdentifier(request.params.secretKey))
      const params = await request.parameters()
      const claimant = { secretKey, passphrase: params.text('passphrase') ?? '', ...request.claimant }
      if (!saysContinue(params)) {
        const peeked = await checkPassphrase(secrets, claimant, 'received')
        return presentPeeked({ secretKey, ...peeked }, 'correct')
      }
      const { receipt, secret } = assertWon(await claimSecret(secrets, claimant, 'received'))
      const revealed = { secretKey, passphraseRequired: receipt.protected, ...receipt }
      return presentRevealed(revealed, receipt.updated, secret.value)
    },
  })
}
