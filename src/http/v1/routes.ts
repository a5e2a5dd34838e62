import type { FastifyInstance } from 'fastify'
import { auth } from '../auth.ts'
import { bodies } from '../body.ts'
import type { HttpContext } from '../context.ts'
import { answerError, answerNotFound } from './errors.ts'
import { metadataRoutes } from './metadata.ts'
import { secretRoute } from './secret.ts'
import { shareRoutes } from './share.ts'
import { statusRoutes } from './status.ts'

/** The Onetime Secret v1 REST API, below the prefix that it is registered with. */
export async function v1Routes(app: FastifyInstance, context: HttpContext): Promise<void> {
  const { secretMaxBytes } = context.policy
  app.setErrorHandler(answerError(secretMaxBytes))
  app.setNotFoundHandler(answerNotFound)
  await app.register(auth, { accounts: context.accounts })
  await app.register(bodies, { secretMaxBytes })

  statusRoutes(app, context)
  shareRoutes(app, context)
  secretRoute(app, context)
  metadataRoutes(app, context)
}
