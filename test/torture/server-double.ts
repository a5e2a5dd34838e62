import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createClocks } from './clocks.ts'
import type { Deployment } from './deployment.ts'

/** What the double does with every secret. */
export type Manner =
  | 'honest'
  /** It answers each reveal with the value. */
  | 'generous'
  /** It knows no secret that it has acknowledged, nor its receipt. */
  | 'forgetful'
  /** It reveals, and calls the secret unknown before that. */
  | 'lying'
  /** It never answers a reveal. */
  | 'silent'
  /** It cuts the connection of the reveal that wins. */
  | 'cutting'
  /** It answers the reveal that wins with 503. */
  | 'doubtful'
  /** It answers each reveal with 500. */
  | 'broken'

interface Held {
  readonly value: string
  readonly passphrase: string
  readonly receiptKey: string
  asked: number
  state: string
}

/** Starts a server in this process that does in memory what its manner says. Faults do not touch it. */
export async function startDouble(manner: Manner): Promise<Deployment> {
  const secrets = new Map<string, Held>()
  let count = 0

  function share(params: URLSearchParams) {
    count += 1
    const key = String(count).padStart(31, '0')
    const [value, passphrase] = [params.get('secret') ?? '', params.get('passphrase') ?? '']
    secrets.set(key, { value, passphrase, receiptKey: key, asked: 0, state: 'new' })
    return { status: 200, body: { secret_key: key, metadata_key: key } }
  }

  function answer(path: string, params: URLSearchParams) {
    if (path === '/health/ready') return { status: 200, body: { status: 'ready' } }
    const isV2 = path.startsWith('/api/v2/guest/')
    const [what, key = '', end] = path.replace(/^\/api\/(v1|v2\/guest)\//, '').split('/')
    const burn = end === 'burn' ? end : undefined
    if (what === 'share') return share(params)
    const secret = manner === 'forgetful' ? undefined : secrets.get(key)
    const unknown = { status: 404, body: { message: 'Unknown secret', error: 'Unknown secret' } }
    if (secret === undefined) return unknown
    if (what === 'private' && burn === undefined) return { status: 200, body: { state: secret.state } }
    if (isV2 && end === undefined) return secret.state === 'new' ? { status: 200, body: {} } : unknown
    if (secret.passphrase !== (params.get('passphrase') ?? ''))
      return isV2 && secret.state === 'new'
        ? { status: 422, body: { error: 'Incorrect passphrase' } }
        : unknown
    secret.asked += 1
    if (manner === 'silent') return 'silence'
    if (manner === 'broken') return { status: 500, body: { message: 'An unexpected error occurred' } }
    if (manner === 'lying' && secret.asked === 1) return unknown
    const won = secret.state === 'new' || (manner === 'generous' && burn === undefined)
    if (!won) return unknown
    secret.state = burn === undefined ? 'received' : 'burned'
    if (manner === 'cutting') return 'cut'
    if (manner === 'doubtful') return { status: 503, body: { message: 'The service is not available' } }
    return { status: 200, body: burn === undefined ? { value: secret.value } : { state: {} } }
  }

  const server = createServer((request, response) => void reply(request, response)).listen(0, '127.0.0.1')
  async function reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const params = new URLSearchParams(await text(request))
    const given = answer(request.url ?? '', params)
    if (given === 'cut') request.socket.destroy()
    else if (given !== 'silence') {
      const body = JSON.stringify(given.body)
      response.writeHead(given.status, { 'content-length': Buffer.byteLength(body) }).end(body)
    }
  }
  await once(server, 'listening')
  return {
    urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`],
    clocks: createClocks(() => undefined),
    inject: async () => [],
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
