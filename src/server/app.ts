import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { customAlphabet } from 'nanoid'
import { answerError } from '../api/v1/errors.ts'
import { v1Routes } from '../api/v1/routes.ts'
import { DomainError } from '../errors.ts'
import { caller } from '../http/caller.ts'
import { healthRoutes, isHealthCheck } from '../http/health.ts'
import { requestLog } from '../http/log.ts'
import { answerMalformed } from '../http/malformed.ts'
import type { RateLimiter } from '../http/rate-limiter.ts'
import { type ResponseObserver, responseObserver } from '../http/response-observer.ts'
import { rateLimits } from '../http/route-rate-limits.ts'
import type { SharingContext } from '../sharing/context.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { createWeb } from '../web/context.ts'
import { answerPageError } from '../web/error/handler.ts'
import { webRoutes } from '../web/routes.ts'
import type { Site } from '../web/site.ts'

// A byte of a secret takes three in a query string, where it is escaped; the rest is for other parameters and headers.
const ESCAPED_BYTES = 3
const OTHER_HEAD_BYTES = 16_384

const API_PATH = /^\/+api\/+v1(\/|$)/

const newRequestId = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 12)

/** What the API and the pages work with. */
export interface AppContext extends SharingContext {
  readonly site: Site
  /** Settles when the store accepts writes. @throws DomainError `store_unavailable`. */
  readonly ready: () => Promise<void>
}

/** How the application runs in its process and its network. */
export interface AppOptions {
  readonly logger: FastifyBaseLogger
  readonly limiter: RateLimiter
  /** Which proxies may say where a request came from: how many, or their addresses; read right to left. */
  readonly trustProxy: number | readonly string[]
  /** Whether the server shuts down: new requests are then rejected before anything is done. */
  readonly stopping: () => boolean
  /** Makes a span of each request. */
  readonly tracing?: Tracing['plugin'] | undefined
  readonly onResponse?: ResponseObserver | undefined
}

/** Composes the whole application; it does not listen yet. */
export async function buildApp(context: AppContext, options: AppOptions): Promise<FastifyInstance> {
  const { logger, limiter, trustProxy, stopping, tracing, onResponse } = options
  const { secretMaxBytes } = context.policy
  const web = createWeb(context)
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newRequestId(),
    // A child logger for each request costs more than all that is written with it: each line names its request instead.
    childLoggerFactory: (parent) => parent,
    trustProxy: proxyTrust(trustProxy),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 15_000, maxHeaderSize: secretMaxBytes * ESCAPED_BYTES + OTHER_HEAD_BYTES },
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, request, reply) => {
      const answer = API_PATH.test(request.url) ? answerError(secretMaxBytes) : answerPageError(web)
      answer(error, request, reply.header('cache-control', 'no-store'))
    },
    rewriteUrl: ({ url = '/' }) => withoutBase(web.base, withSingleSlashes(url)),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: OTHER_HEAD_BYTES,
      querystringParser: (text) => ({ text }),
    },
  })

  app.setErrorHandler(answerPageError(web))
  // It sees only the routes that come after it.
  if (tracing !== undefined) await app.register(tracing)
  await app.register(requestLog)
  if (onResponse !== undefined) await app.register(responseObserver, { onResponse })
  await app.register(caller)
  await app.register(rateLimits, { limiter })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
    const rejected = stopping() && !isHealthCheck(request)
    done(rejected ? new DomainError('shutting_down') : undefined)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that stays open would delay the shutdown until it times out.
    if (stopping()) reply.header('connection', 'close')
    done()
  })
  await app.register(healthRoutes, { ready: context.ready, stopping })
  await app.register(v1Routes, { prefix: '/api/v1', context })
  await app.register(webRoutes, { web })
  return app
}

function proxyTrust(trusted: AppOptions['trustProxy']) {
  if (trusted === 0) return false
  return typeof trusted === 'number' ? (_address: string, hop: number) => hop < trusted : [...trusted]
}

// Before routing, so that an unknown path is answered by the API or by the pages, whichever it belongs to.
function withSingleSlashes(url: string): string {
  const [path = ''] = url.split('?', 1)
  return url.startsWith('/') && path.includes('//')
    ? path.replace(/\/{2,}/g, '/') + url.slice(path.length)
    : url
}

// A proxy may pass the base path on or strip it.
function withoutBase(base: string, url: string): string {
  if (url === base || url.startsWith(`${base}?`)) return `/${url.slice(base.length)}`
  return url.startsWith(`${base}/`) ? url.slice(base.length) : url
}
