import type { FastifyPluginAsync } from 'fastify'
import { authentication } from '../../http/authentication.ts'
import { bodies } from '../../http/bodies.ts'
import { openApi } from '../../http/openapi.ts'
import { parameters } from '../../http/request-parameters.ts'
import { accountReceiptRoutes } from './account-receipts.ts'
import { concealRoutes } from './conceal.ts'
import { answerError, answerNotFound } from './errors.ts'
import { guestReceiptsRoute } from './guest-receipts.ts'
import { receiptRoutes } from './receipts.ts'
import { errorResponses } from './response-schemas.ts'
import { secretRoutes } from './secrets.ts'
import { serverInfoRoutes } from './server-info.ts'
import { statusRoutes } from './status.ts'
import type { VersionOptions } from './version.ts'

/** Registers the Onetime Secret v2 or v3 REST API. Source: docs/api/v2.md. */
export const v2Routes: FastifyPluginAsync<VersionOptions> = async (app, { context, version }) => {
  app.setErrorHandler(answerError(context))
  app.setNotFoundHandler(answerNotFound)
  await app.register(bodies, { policy: context.policy, otherTypes: 'sniffed' })
  await app.register(parameters)
  // Request schemas only document; they do not validate.
  app.setValidatorCompiler(() => () => true)

  app.get('/openapi.json', { schema: { hide: true }, config: { rateLimit: 'none' } }, () => openApi[version])
  await app.register(ordinaryRoutes, { context, version })
  await app.register(anonymousRoutes, { context, version })
}

const ordinaryRoutes: FastifyPluginAsync<VersionOptions> = async (app, options) => {
  const { context, version } = options
  await app.register(authentication)
  app.addHook('onRoute', ({ schema }) => {
    if (schema !== undefined) schema.response = { ...Object(schema.response), ...errorResponses(401) }
  })
  await app.register(serverInfoRoutes, options)
  await app.register(concealRoutes, options)
  await app.register(secretRoutes, options)
  if (version === 'v2') await app.register(statusRoutes, options)
  for (const path of version === 'v2' ? (['/receipt', '/private'] as const) : (['/receipt'] as const)) {
    await app.register(receiptRoutes, { context, version, path })
    await app.register(accountReceiptRoutes, { context, version, path })
  }
}

// Without authentication: an Authorization header means nothing here, not even an invalid one.
const anonymousRoutes: FastifyPluginAsync<VersionOptions> = async (app, options) => {
  app.addHook('onRoute', (route) => {
    route.schema = { ...route.schema, security: [] }
  })
  if (options.version === 'v3') await app.register(statusRoutes, options)
  for (const url of ['/secret/conceal', '/secret/generate']) {
    app.options(url, { schema: { hide: true }, config: { rateLimit: 'none' } }, (_request, reply) =>
      reply.code(204).send(),
    )
  }
  await app.register(guestRoutes, { ...options, prefix: '/guest' })
}

const guestRoutes: FastifyPluginAsync<VersionOptions> = async (app, { context, version }) => {
  await app.register(concealRoutes, { context, version })
  await app.register(secretRoutes, { context, version })
  await app.register(receiptRoutes, { context, version, path: '/receipt' })
  if (version === 'v3') await app.register(guestReceiptsRoute, { context, version })
}
