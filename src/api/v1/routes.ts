import type { FastifyPluginAsync } from 'fastify'
import { authentication } from '../../http/authentication.ts'
import { bodies } from '../../http/bodies.ts'
import { openApi } from '../../http/openapi.ts'
import { parameters } from '../../http/request-parameters.ts'
import type { ApiOptions } from '../context.ts'
import { answerError, answerNotFound } from './errors.ts'
import { receiptRoutes } from './receipts.ts'
import { secretRoutes } from './secrets.ts'
import { shareRoutes } from './share.ts'
import { statusRoutes } from './status.ts'

/** Registers the Onetime Secret v1 REST API. Source: docs/api/v1.md. */
export const v1Routes: FastifyPluginAsync<ApiOptions> = async (app, { context }) => {
  const { policy } = context
  app.setErrorHandler(answerError(policy.secretMaxBytes))
  app.setNotFoundHandler(answerNotFound)
  await app.register(authentication)
  await app.register(bodies, { policy, otherTypes: 'urlencoded' })
  await app.register(parameters)

  // Request schemas only document; they do not validate.
  app.setValidatorCompiler(() => () => true)

  app.get('/openapi.json', { schema: { hide: true }, config: { rateLimit: 'none' } }, () => openApi.v1)
  await app.register(statusRoutes, { context })
  await app.register(shareRoutes, { context })
  await app.register(secretRoutes, { context })
  await app.register(receiptRoutes, { context })
}
