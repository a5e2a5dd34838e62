import type { FastifyPluginAsync } from 'fastify'
import { auth } from '../../http/authentication.ts'
import { bodies } from '../../http/bodies.ts'
import type { HttpContext } from '../../http/context.ts'
import { openApi } from '../../http/openapi.ts'
import { answerError, answerNotFound } from './errors.ts'
import { metadataRoutes } from './metadata.ts'
import { secretRoute } from './secret.ts'
import { shareRoutes } from './share.ts'
import { statusRoutes } from './status.ts'

/** The Onetime Secret v1 REST API, below the prefix that it is registered with. */
export const v1Routes: FastifyPluginAsync<HttpContext> = async (app, context) => {
  const { secretMaxBytes } = context.policy
  app.setErrorHandler(answerError(secretMaxBytes))
  app.setNotFoundHandler(answerNotFound)
  await app.register(auth, { accounts: context.accounts })
  await app.register(bodies, { secretMaxBytes })

  // Schemas of requests are for the OpenAPI document alone.
  app.setValidatorCompiler(() => () => true)

  app.get('/openapi.json', { schema: { hide: true } }, () => openApi)
  statusRoutes(app, context)
  shareRoutes(app, context)
  secretRoute(app, context)
  metadataRoutes(app, context)
}
