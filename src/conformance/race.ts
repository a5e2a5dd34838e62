import type { Answer } from './client.ts'
import type { Setting } from './stage.ts'
import type { Request } from './transport.ts'

/** How many requests race for one secret. */
export const RACERS = 20

/**
 * Sends requests at once. Each has a connection of its own, which is open before any of them is sent.
 *
 * @throws NotRun, NoResponse.
 */
export async function race(
  { client, connect }: Pick<Setting, 'client' | 'connect'>,
  requests: readonly Request[],
): Promise<Answer[]> {
  const racers = requests.map((request) => ({ request, connections: connect() }))
  try {
    const version = /^\/api\/v\d/.exec(requests[0]?.path ?? '')?.[0]
    const open = { method: 'GET', path: `${version}/status` }
    await settle(racers.map(({ connections }) => client.send(open, '', connections)))
    return await settle(racers.map(({ request, connections }) => client.send(request, '', connections)))
  } finally {
    for (const { connections } of racers) connections.close()
  }
}

// Waits for all, also when one fails: what the others reveal or burn must be known before anything is cleaned up.
async function settle(sent: readonly Promise<Answer>[]): Promise<Answer[]> {
  await Promise.allSettled(sent)
  return Promise.all(sent)
}
