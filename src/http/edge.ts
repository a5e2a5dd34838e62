import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeMalformed, type MalformedRequest } from './parser-error.ts'
import { answerRaw, type RawResponse } from './raw-response.ts'

/** Builds the response to a malformed request. `url`: its target, as far as it is known; empty otherwise. */
export type MalformedAnswer = (malformed: MalformedRequest, url: string) => RawResponse

/** An error of Node's HTTP parser. */
type ParserError = Error & { readonly code?: string; readonly rawPacket?: Buffer }

/** The beginning of a request line, with its target. */
const REQUEST_LINE = /^[!-~]+ (\S+)/

/**
 * Answers in the form of the API what Node.js would answer in a form of its own, or not at all: requests that are not valid
 * HTTP, too slow or too large, CONNECT, an upgrade, and an Expect header. Source: docs/api/v1.md section 5.
 *
 * @returns A function to call, once or more often, for each server that listens.
 */
export function createEdge(answerOf: MalformedAnswer): (server: Server) => void {
  const latest = new WeakMap<Duplex, ServerResponse<IncomingMessage>>()
  const answered = new WeakSet<Duplex>()
  const attached = new WeakSet<Server>()

  function follow(request: IncomingMessage, response: ServerResponse): void {
    latest.set(request.socket, response)
  }

  function reject(socket: Duplex, malformed: MalformedRequest, url: string): void {
    answerRaw(socket, malformed.status, answerOf(malformed, url))
  }

  async function onClientError(error: ParserError, socket: Duplex): Promise<void> {
    // What else arrives is malformed, too.
    if (answered.has(socket)) return
    answered.add(socket)
    const last = latest.get(socket)
    const unfinished = last !== undefined && !last.req.complete
    // Responses are sent in the order of their requests, so the last one is sent after all others.
    if (last?.req.complete && !last.closed) await settled(last)
    if (error.code === 'ECONNRESET' || !socket.writable || (unfinished && last.headersSent)) {
      socket.destroy()
      return
    }
    const [, target = ''] = REQUEST_LINE.exec(error.rawPacket?.toString('latin1', 0, 200) ?? '') ?? []
    reject(socket, describeMalformed(error), (unfinished && last.req.url) || target)
  }

  return (server) => {
    if (attached.has(server)) return
    attached.add(server)
    const handle = (request: IncomingMessage, response: ServerResponse) =>
      void server.emit('request', request, response)
    server
      .prependListener('request', follow)
      .on('clientError', onClientError)
      // The body is asked for when it is read; an unsupported expectation is rejected like any other fault.
      .on('checkContinue', handle)
      .on('checkExpectation', handle)
      .on('connect', ({ url = '' }, socket) =>
        reject(socket, { status: 405, reason: 'CONNECT is not supported' }, url),
      )
      // Without a listener an upgrade is ignored, as RFC 9110 section 7.8 permits. Fastify's second server has one.
      .removeAllListeners('upgrade')
  }
}

async function settled(response: ServerResponse): Promise<void> {
  await once(response, 'close').catch(() => 'it failed')
}
