import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { customAlphabet } from 'nanoid'
import { DomainError } from './errors.ts'
import type { HttpContext } from './http/context.ts'
import { healthRoutes } from './http/health.ts'
import { requestLog } from './http/log.ts'
import { answerError, answerNotFound } from './http/v1/errors.ts'
import { v1Routes } from './http/v1/routes.ts'

const newRequestId = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 12)

/** How the application stands in its process and its network. */
export interface AppOptions {
  readonly logger: FastifyBaseLogger
  /** Which proxies may say where a request came from: how many, or their addresses; read right to left. */
  readonly trustProxy: number | readonly string[]
  /** @returns Whether the server has been told to stop: new requests are then sent away unharmed. */
  readonly stopping: () => boolean
}

/**
 * @returns The whole application, not yet listening.
 */
export async function buildApp(context: HttpContext, options: AppOptions): Promise<FastifyInstance> {
  const { logger, trustProxy, stopping } = options
  const { secretMaxBytes, publicUrl } = context.policy
  const basePath = new URL(publicUrl).pathname.replace(/\/$/, '')
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newRequestId(),
    trustProxy: typeof trustProxy === 'number' ? (_address, hop) => hop < trustProxy : [...trustProxy],
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 15_000 },
    frameworkErrors: answerError(secretMaxBytes),
    ...(basePath !== '' && {
      rewriteUrl: (request: IncomingMessage) => withoutBase(basePath, request.url ?? '/'),
    }),
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: 1000,
      querystringParser: (text) => ({ text }),
    },
  })

  app.setErrorHandler(answerError(secretMaxBytes))
  app.setNotFoundHandler(answerNotFound)
  await app.register(requestLog)
  healthRoutes(app, { ready: context.ready, stopping })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (stopping()) reply.header('connection', 'close')
    done(stopping() ? new DomainError('shutting_down') : undefined)
  })
  await app.register(v1Routes, { prefix: '/api/v1', ...context })
  return app
}

// A proxy may pass the base path on or strip it.
function withoutBase(basePath: string, url: string): string {
  return url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url
}
