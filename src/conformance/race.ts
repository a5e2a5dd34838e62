import type { Answer, Client } from './client.ts'
import type { Connection, Request } from './transport.ts'

/** What a race needs. */
export interface Racing {
  readonly client: Client
  /** Opens a connection of its own. */
  readonly connect: () => Connection
}

/** How many requests race for one secret. */
export const RACERS = 20

/**
 * Sends requests at once. Each has a connection of its own, which is open before any of them is sent.
 *
 * @throws NotRun, NoResponse.
 */
export async function race({ client, connect }: Racing, requests: readonly Request[]): Promise<Answer[]> {
  const racers = requests.map((request) => ({ request, connection: connect() }))
  try {
    const version = /^\/api\/v\d/.exec(requests[0]?.path ?? '')?.[0]
    const open = { method: 'GET', path: `${version}/status` }
    await settle(racers.map(({ connection }) => client.send(open, '', connection)))
    return await settle(racers.map(({ request, connection }) => client.send(request, '', connection)))
  } finally {
    for (const { connection } of racers) connection.close()
  }
}

// Waits for all, also when one fails: what the others reveal or burn must be known before anything is cleaned up.
async function settle(sent: readonly Promise<Answer>[]): Promise<Answer[]> {
  await Promise.allSettled(sent)
  return Promise.all(sent)
}
