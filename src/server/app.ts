import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { customAlphabet } from 'nanoid'
import { answerError } from '../api/v1/errors.ts'
import { v1Routes } from '../api/v1/routes.ts'
import { DomainError } from '../errors.ts'
import { type Answer, answers } from '../http/answered.ts'
import type { HttpContext } from '../http/context.ts'
import { healthRoutes, isProbe } from '../http/health.ts'
import { requestLog } from '../http/log.ts'
import { answerUnparsable } from '../http/unparsable.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import { createWeb } from '../web/context.ts'
import { answerPageError } from '../web/error/handler.ts'
import { webRoutes } from '../web/routes.ts'

// A byte of a secret takes three in a query string; the rest is for other parameters and the headers.
const ESCAPED_BYTES = 3
const OTHER_HEAD_BYTES = 16_384

const API_PATH = /^\/+api\/+v1(\/|$)/

const newRequestId = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 12)

/** How the application stands in its process and its network. */
export interface AppOptions {
  readonly logger: FastifyBaseLogger
  /** Which proxies may say where a request came from: how many, or their addresses; read right to left. */
  readonly trustProxy: number | readonly string[]
  /** @returns Whether the server has been told to stop: new requests are then sent away unharmed. */
  readonly stopping: () => boolean
  /** Makes a span of each request. */
  readonly tracing?: Tracing['plugin'] | undefined
  readonly answered?: ((answer: Answer) => void) | undefined
}

/**
 * @returns The whole application, not yet listening.
 */
export async function buildApp(context: HttpContext, options: AppOptions): Promise<FastifyInstance> {
  const { logger, trustProxy, stopping, tracing, answered } = options
  const { secretMaxBytes } = context.policy
  const web = createWeb(context)
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newRequestId(),
    // A child for each request costs more than all that is ever written with it: those who write name the request.
    childLoggerFactory: (parent) => parent,
    trustProxy: proxyTrust(trustProxy),
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 15_000, maxHeaderSize: secretMaxBytes * ESCAPED_BYTES + OTHER_HEAD_BYTES },
    clientErrorHandler: answerUnparsable,
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
  if (answered !== undefined) await app.register(answers, { answered })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
    const refused = stopping() && !isProbe(request)
    done(refused ? new DomainError('shutting_down') : undefined)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that stays open would hold up the stop until it times out.
    if (stopping()) reply.header('connection', 'close')
    done()
  })
  healthRoutes(app, { ready: context.ready, stopping })
  await app.register(v1Routes, { prefix: '/api/v1', ...context })
  await app.register(webRoutes, { web })
  return app
}

function proxyTrust(trusted: AppOptions['trustProxy']) {
  if (trusted === 0) return false
  return typeof trusted === 'number' ? (_address: string, hop: number) => hop < trusted : [...trusted]
}

// Before any route is looked for, so that what is not found is told by the API or by the pages, as it should be.
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
