import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { DomainError } from '../errors.ts'

/**
 * How much of a body is read only to be thrown away, so that the client sees the response: one that writes everything before
 * it reads would see a broken connection, and a proxy would make a 502 of it (docs/known-faults.md, F43). Whoever sends more
 * or takes longer is answered meanwhile and disconnected.
 */
const DRAIN = { bytes: 16 * 1024 * 1024, ms: 10_000 } as const

/** The beginning of a body. */
export interface ReadBody {
  readonly chunks: readonly Buffer[]
  /** Whether the body was longer. */
  readonly cut: boolean
}

/** Tells whether a request has a body, empty chunked ones included. */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Tells whether an Expect header says that the client sends its body only when it is asked to. */
export function waitsForContinue(expect: string | undefined): boolean {
  return expect !== undefined && /^100-continue$/i.test(expect)
}

/**
 * Reads a body to its end, and keeps its beginning. What exceeds that is read within the bounds above.
 *
 * @param keepBytes How much to keep.
 * @throws DomainError `client_disconnected`.
 */
export async function readBody(stream: Readable, keepBytes: number): Promise<ReadBody> {
  const chunks: Buffer[] = []
  const enough = new AbortController()
  let total = 0
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: Buffer) => {
    if (total < keepBytes) chunks.push(chunk.subarray(0, keepBytes - total))
    total += chunk.length
    if (total > keepBytes) timer ??= setTimeout(() => enough.abort(), DRAIN.ms)
    if (total > keepBytes + DRAIN.bytes) enough.abort()
  }
  stream.on('data', onData)
  try {
    await once(stream, 'end', enough)
  } catch (cause) {
    if (!enough.signal.aborted) throw new DomainError('client_disconnected', { cause })
  } finally {
    clearTimeout(timer)
    // Without this listener the stream goes on flowing, into nothing.
    stream.off('data', onData)
  }
  return { chunks, cut: total > keepBytes }
}

/** Reads what is left of a body that no one has asked for, within the bounds above. */
export async function drainBody(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return
  await readBody(request, 0).catch(() => 'the client has disconnected')
}
