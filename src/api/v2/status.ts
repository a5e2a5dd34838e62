import type { FastifyPluginAsync } from 'fastify'
import { secretKeysAmong } from '../../secrets/keys.ts'
import { peekSecret } from '../../secrets/peek.ts'
import { anyone } from '../route-schemas.ts'
import { identifiersParameters, type SecretParameter, secretParameter } from './parameter-schemas.ts'
import { presentSecret } from './present-records.ts'
import { presentStatus } from './present-secrets.ts'
import { cleanIdentifier, readIdentifiers } from './read-parameters.ts'
import { responses } from './response-schemas.ts'
import type { VersionOptions } from './version.ts'
import { type SecretStatus, type SecretStatusList, statusListSchema, statusSchema } from './wire-objects.ts'

const MAX_SECRETS = 100
const UNKNOWN: SecretStatus = { record: { state: 'unknown' } }

/** `GET /secret/:secretKey/status` and, for several secrets, `POST /secret/status`. Neither changes anything. */
export const statusRoutes: FastifyPluginAsync<VersionOptions> = async (app, { context: { secrets } }) => {
  const find = async (identifiers: readonly string[]) => {
    const keys = secretKeysAmong(identifiers)
    const found = await Promise.all(
      keys.map(async (secretKey) => {
        const peeked = await peekSecret(secrets, secretKey)
        return peeked && { secretKey, ...peeked }
      }),
    )
    return found.filter((secret) => secret !== undefined)
  }

  app.route<{ Params: SecretParameter }>({
    method: ['GET', 'HEAD'],
    url: '/secret/:secretKey/status',
    schema: {
      summary: 'Check whether a secret is available',
      ...anyone,
      ...secretParameter,
      response: responses(statusSchema, 'The secret, or the state `unknown`.'),
    },
    config: { rateLimit: 'none' },
    handler: async ({ params }) => {
      const [secret] = await find([cleanIdentifier(params.secretKey)])
      return secret === undefined ? UNKNOWN : presentStatus(secret)
    },
  })

  app.route({
    method: 'POST',
    url: '/secret/status',
    schema: {
      summary: 'Check which of several secrets are available',
      ...anyone,
      ...identifiersParameters(MAX_SECRETS),
      response: responses(statusListSchema, 'The available ones.', 400, 422),
    },
    config: { rateLimit: 'none' },
    handler: async (request) => {
      const identifiers = readIdentifiers(await request.parameters(), { limit: MAX_SECRETS })
      const records = (await find(identifiers)).map(presentSecret)
      return { records, count: records.length } satisfies SecretStatusList
    },
  })
}
