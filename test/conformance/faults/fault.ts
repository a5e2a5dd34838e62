import type { Exchange, Fault, Reply } from '../broken-server.ts'

/** A server that breaks one thing, and which checks must find that. */
export interface BrokenThing {
  /** What the server does. */
  readonly title: string
  /** The checks to run. */
  readonly only: string
  /** Those that differ; all others agree. */
  readonly finds: readonly string[]
  /** Makes the fault, with a memory of its own. */
  readonly fault: () => Fault
}

// biome-ignore lint/suspicious/noExplicitAny: faults change bodies of any form.
type Body = any

/** Changes the bodies of responses. @param path Of the requests to change. */
export function bodies(path: RegExp, change: (body: Body, reply: Reply) => Body): Fault {
  return async (request, forward) => {
    const reply = await forward(request)
    if (!path.test(request.path) || reply.text === '') return reply
    return { ...reply, text: JSON.stringify(change(JSON.parse(reply.text), reply)) }
  }
}

/** Changes requests before they are passed on. */
export function requests(path: RegExp, change: (request: Exchange) => Exchange): Fault {
  return (request, forward) => forward(path.test(request.path) ? change(request) : request)
}

/** Changes whole responses. */
export function replies(path: RegExp, change: (reply: Reply, request: Exchange) => Reply): Fault {
  return async (request, forward) => {
    const reply = await forward(request)
    return path.test(request.path) ? change(reply, request) : reply
  }
}

/** Replaces the body of a request. */
export function withBody(request: Exchange, body: string): Exchange {
  return { ...request, body: Buffer.from(body) }
}

/** Returns the key in a path. */
export function keyIn({ path }: Pick<Exchange, 'path'>): string {
  return /[a-z0-9]{31}/.exec(path)?.[0] ?? ''
}
