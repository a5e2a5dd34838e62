import type { Server } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginCallback,
  LogController,
} from 'fastify'
import { customAlphabet } from 'nanoid'
import { apiRoutes } from '../api/routes.ts'
import { compileSerialiser } from '../api/serialise.ts'
import { DomainError } from '../errors.ts'
import { caller } from '../http/caller.ts'
import type { AllowedOrigins } from '../http/cors.ts'
import { credentials } from '../http/credentials.ts'
import { createEdge } from '../http/edge.ts'
import { framing } from '../http/framing.ts'
import { healthRoutes, isHealthCheck } from '../http/health.ts'
import type { Limits } from '../http/limits.ts'
import { requestLog } from '../http/log.ts'
import { type ResponseObserver, responseObserver } from '../http/response-observer.ts'
import { rateLimits } from '../http/route-rate-limits.ts'
import { unreadableBodies } from '../http/unreadable-bodies.ts'
import type { Locale } from '../i18n/locale.ts'
import type { SharingContext } from '../sharing/context.ts'
import type { Store } from '../store/store.ts'
import { createWeb } from '../web/context.ts'
import { answerPageError } from '../web/error/handler.ts'
import { webRoutes } from '../web/routes.ts'
import type { Site } from '../web/site.ts'
import { onAccepted } from './connections.ts'
import { errorForms } from './error-forms.ts'

// A query string may escape one byte of a secret as three. The rest is for other parameters and headers.
const ESCAPED_BYTES = 3
const OTHER_HEAD_BYTES = 16_384

/** How long a request may take to arrive, in milliseconds; also how long a shutdown waits for it. */
export const REQUEST_TIMEOUT_MS = 30_000

const TIMEOUTS: RequestTimeouts = { head: 15_000, request: REQUEST_TIMEOUT_MS }

// Node.js looks for slow requests every 30 s otherwise, and so closes their connections up to 30 s late.
const TIMEOUT_CHECK_MS = 500

const newRequestId = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 12)

/** What the API and the pages depend on. */
export interface AppContext extends SharingContext {
  readonly site: Site
  /** The language of clients that ask for no language with a catalog. */
  readonly defaultLocale: Locale
  /** As of the store. @throws DomainError `missing_root_key`, too. */
  readonly ready: Store['ready']
  readonly reachable: Store['reachable']
}

/** How long a request may take to arrive, in milliseconds. */
export interface RequestTimeouts {
  readonly head: number
  /** Head and body together. */
  readonly request: number
}

/** How the application runs in its process and network. */
export interface AppOptions {
  readonly logger: FastifyBaseLogger
  readonly limits: Limits
  /** The trusted proxies: their number, or their addresses. Forwarding headers are read from right to left. */
  readonly trustProxy: number | readonly string[]
  /** The origins whose pages may call the API; undefined for none. */
  readonly corsOrigins?: AllowedOrigins | undefined
  /** Whether the server is shutting down, so that new requests are rejected. */
  readonly stopping: () => boolean
  /** Is registered before any route, so that it sees all of them. It traces each request, for instance. */
  readonly plugin?: FastifyPluginCallback | undefined
  readonly onResponse?: ResponseObserver | undefined
  /** 15 and 30 seconds by default. */
  readonly timeouts?: RequestTimeouts | undefined
}

/** Composes the whole application, without listening. */
export async function buildApp(context: AppContext, options: AppOptions): Promise<FastifyInstance> {
  const { logger, limits, trustProxy, corsOrigins, stopping, plugin, onResponse } = options
  const { timeouts = TIMEOUTS } = options
  const { secretMaxBytes } = context.policy
  const web = createWeb(context)
  const formOf = errorForms(context, web)
  const attachEdge = createEdge((request, url) => formOf(routedUrl(web.base, url)).malformed(request))
  const app = Fastify({
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newRequestId(),
    trustProxy: proxyTrust(trustProxy),
    exposeHeadRoutes: false,
    // Fastify would load its own compilers. Request schemas only document.
    schemaController: { compilersFactory: { buildSerializer: () => compileSerialiser, buildValidator } },
    return503OnClosing: false,
    requestTimeout: timeouts.request,
    keepAliveTimeout: 72_000,
    http: {
      headersTimeout: timeouts.head,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      requireHostHeader: false,
      maxHeaderSize: secretMaxBytes * ESCAPED_BYTES + OTHER_HEAD_BYTES,
    },
    // The edge answers them.
    clientErrorHandler: () => {},
    frameworkErrors: (error, request, reply) => {
      formOf(request.url).answer(error, request, reply.header('cache-control', 'no-store'))
    },
    rewriteUrl: ({ url = '/' }) => routedUrl(web.base, url),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: OTHER_HEAD_BYTES,
      querystringParser: (text) => ({ text }),
    },
  })

  useLogger(app, logger)
  attachEdge(app.server)
  onAccepted(app.server, (socket) => attachEdge((socket as typeof socket & { server: Server }).server))
  app.setErrorHandler(answerPageError(web))
  if (plugin !== undefined) await app.register(plugin)
  await app.register(requestLog)
  if (onResponse !== undefined) await app.register(responseObserver, { onResponse })
  await app.register(caller, { ring: context.secrets.ring, defaultLocale: context.defaultLocale })
  await app.register(rateLimits, limits)
  await app.register(credentials, { accounts: context.accounts, ...limits })
  await app.register(unreadableBodies, limits)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' })
    const rejected = stopping() && !isHealthCheck(request)
    done(rejected ? new DomainError('shutting_down') : undefined)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // An open connection would delay the shutdown until it times out.
    if (stopping()) reply.header('connection', 'close')
    done()
  })
  await app.register(framing)
  await app.register(healthRoutes, { ready: context.ready, stopping })
  // In one turn of the event loop, a start would be a loop that is worth optimising to V8, whose compiler takes 5 MB.
  await setImmediate()
  await app.register(apiRoutes, { prefix: '/api', context, corsOrigins })
  await setImmediate()
  await app.register(webRoutes, { web })
  await setImmediate()
  return app
}

/**
 * Makes an application log to a logger. Given one as an option, Fastify would create a child of it for each request and listen for
 * the end of each response. Instead, each line names its request. Before routing nothing is logged: only 4xx occur there.
 */
function useLogger(app: FastifyInstance, logger: FastifyBaseLogger): void {
  app.log = logger
  app.addHook('onRequest', (request, reply, done) => {
    request.log = logger
    reply.log = logger
    done()
  })
}

function buildValidator(): never {
  throw new Error('a route without a validator compiler has a request schema')
}

function proxyTrust(trusted: AppOptions['trustProxy']) {
  if (trusted === 0) return false
  return typeof trusted === 'number' ? (_address: string, hop: number) => hop < trusted : [...trusted]
}

function routedUrl(base: string, url: string): string {
  return withoutBase(base, withSingleSlashes(withoutOrigin(url)))
}

// A client may send the whole address (RFC 9112 section 3.2.2).
function withoutOrigin(url: string): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*\/?/i, '/')
}

// Before routing, so that an unknown path gets its 404 from the API or from the pages, whichever it belongs to.
function withSingleSlashes(url: string): string {
  if (!url.includes('//')) return url
  const [path = ''] = url.split('?', 1)
  return url.startsWith('/') && path.includes('//')
    ? path.replace(/\/{2,}/g, '/') + url.slice(path.length)
    : url
}

// A proxy may keep or strip the base path.
function withoutBase(base: string, url: string): string {
  if (url === base || url.startsWith(`${base}?`)) return `/${url.slice(base.length)}`
  return url.startsWith(`${base}/`) ? url.slice(base.length) : url
}
