import { type ControlAccess, serveControls } from '../../src/testing/control-server.ts'
import type { Fault } from '../../src/testing/fault.ts'
import type { JournalEntry } from '../../src/testing/journal.ts'
import type { TestServer } from '../../src/testing.ts'

/** How a test controls a server. */
export interface Way {
  add(...faults: readonly Fault[]): Promise<unknown>
  faults(): Promise<readonly Fault[]>
  held(): Promise<unknown>
  release(): Promise<number>
  clear(): Promise<unknown>
  advance(seconds: number): Promise<unknown>
  requests(): Promise<readonly JournalEntry[]>
  reset(): Promise<unknown>
}

/** Controls a server by its methods. */
export function byMethods({ faults, clock, requests, reset }: TestServer): Way {
  return {
    add: async (...added) => faults.add(...added),
    faults: async () => faults.list(),
    held: () => faults.held(),
    release: async () => faults.release(),
    clear: async () => faults.clear(),
    advance: async (seconds) => clock.advance(seconds),
    requests: async () => requests.list(),
    reset,
  }
}

/** Controls a server by its control API. */
export function byControlApi(access: ControlAccess): Way {
  const call = async (endpoint: string, body?: unknown) => (await control(access, endpoint, body)).body
  return {
    add: (...faults) => call('POST /faults', faults),
    faults: async () => (await call('GET /faults')).faults,
    held: () => call('GET /held'),
    release: async () => (await call('POST /release')).released,
    clear: () => call('DELETE /faults'),
    advance: (advance) => call('POST /clock', { advance }),
    requests: async () => (await call('GET /requests')).requests,
    reset: () => call('POST /reset'),
  }
}

/** Serves the control API of a server. @returns Where it is, and how to stop it. */
export async function startControls(server: TestServer) {
  const { access, close } = await serveControls(server)
  return { ...access, close }
}

/** What the control API answers. */
export interface ControlAnswer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of any form.
  readonly body: any
}

/**
 * Calls a control API.
 *
 * @param endpoint Such as `GET /clock`.
 * @param body Sent as JSON; a string is sent as it is.
 * @param authorization The whole header; with the token by default.
 */
export async function control(
  { url, token }: ControlAccess,
  endpoint: string,
  body?: unknown,
  authorization = `Bearer ${token}`,
): Promise<ControlAnswer> {
  const [method = '', path = ''] = endpoint.split(' ')
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}
