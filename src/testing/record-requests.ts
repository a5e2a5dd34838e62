import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { UndecodedBody } from '../http/bodies.ts'
import { isHealthCheck } from '../http/health.ts'
import type { FaultName } from './fault.ts'
import type { Journal, JournalKind, OpenEntry } from './journal.ts'
import { operationOf } from './operations.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Its entry in the journal of a server for tests; undefined for a health check. */
    journalEntry: OpenEntry | undefined
  }
}

/** What is recorded, and where. */
export interface RecordOptions {
  readonly journal: Journal
  readonly kind: JournalKind
}

/**
 * Records every request in a journal, except for health checks, whose number depends on the time. It must be registered
 * before any route.
 */
export const recordRequests = fp(
  async (app: FastifyInstance, { journal, kind }: RecordOptions) => {
    const words = new Set<string>()
    app.decorateRequest('journalEntry', undefined)
    app.addHook('onRoute', ({ url }) => {
      for (const word of url.split('/')) words.add(word)
    })
    app.addHook('onRequest', (request, _reply, done) => {
      if (isHealthCheck(request)) return done()
      request.journalEntry = begin(request, words)
      journal.add(request.journalEntry)
      if (kind === 'full') recordWhole(request)
      done()
    })
    // Only now the body is there.
    if (kind === 'full') {
      app.addHook('preHandler', (request, _reply, done) => {
        recordWhole(request)
        done()
      })
    }
  },
  { name: 'record-requests' },
)

/**
 * Records the answer to a request.
 *
 * @param outcome Its status; null when the client will not get it.
 */
export function recordAnswer({ journalEntry, account }: FastifyRequest, status: number | null): void {
  if (journalEntry === undefined) return
  journalEntry.account = account?.email ?? null
  journalEntry.status = status
}

/** Records the fault that happens to a request. */
export function recordFault({ journalEntry, account }: FastifyRequest, fault: FaultName): void {
  if (journalEntry === undefined) return
  journalEntry.account = account?.email ?? null
  journalEntry.fault = fault
}

function begin({ method, url, routeOptions }: FastifyRequest, words: ReadonlySet<string>): OpenEntry {
  const pattern = routeOptions.url
  return {
    method,
    path: pattern ?? maskedPath(url, words),
    operation: pattern === undefined ? 'other' : operationOf(method, pattern),
    account: null,
    status: null,
    fault: null,
  }
}

// What a client put into a path that does not exist may be a key.
function maskedPath(url: string, words: ReadonlySet<string>): string {
  const [path = ''] = url.split('?', 1)
  return path
    .split('/')
    .map((word) => (words.has(word) ? word : '*'))
    .join('/')
}

function recordWhole({ journalEntry, originalUrl: url, raw, body }: FastifyRequest): void {
  if (journalEntry === undefined) return
  journalEntry.request = { url, headers: { ...raw.headers }, body: textOf(body as UndecodedBody) }
}

function textOf(body: UndecodedBody): string {
  if (body === undefined) return ''
  if ('text' in body) return body.text
  return ('json' in body ? body.json : body.multipart).toString()
}
