import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { controlRoutes } from './control-routes.ts'
import type { TestControls } from './controls.ts'
import { TestInputError } from './fault.ts'

const TOKEN_BYTES = 24
const MAXIMUM_BODY_BYTES = 1024 * 1024
const LOOPBACK = '127.0.0.1'

/** Where the control API of a server for tests is, and what opens it. */
export interface ControlAccess {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Goes into the Authorization header, after `Bearer `. */
  readonly token: string
}

/** A listening control API. */
export interface ControlServer {
  readonly access: ControlAccess
  /** May be called more than once. */
  close(): Promise<void>
}

interface ControlAnswer {
  readonly status: number
  readonly body: unknown
}

/** Serves what tests can see and change on a free port of this machine, for holders of a token that is drawn anew. */
export async function serveControls(controls: TestControls): Promise<ControlServer> {
  const routes = controlRoutes(controls)
  const token = randomBytes(TOKEN_BYTES).toString('hex')

  async function answer(request: IncomingMessage): Promise<ControlAnswer> {
    if (!isBearer(request.headers.authorization, token))
      return failure(401, 'the Authorization header takes "Bearer " and the token that the server printed')
    const [path = ''] = (request.url ?? '').split('?', 1)
    const handler = routes.get(`${request.method} ${path}`)
    if (handler === undefined)
      return failure(404, `unknown endpoint; there are ${[...routes.keys()].join(', ')}`)
    try {
      const body = request.method === 'POST' ? await readJson(request) : {}
      return { status: 200, body: (await handler(body)) ?? {} }
    } catch (error) {
      if (error instanceof TestInputError) return failure(400, error.message)
      return failure(500, error instanceof Error ? error.message : String(error))
    }
  }

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      })
      response.end(JSON.stringify(body))
    })
  })
  // Whether the process has to stay is up to the server that it controls.
  server.unref().on('connection', (socket) => socket.unref())
  server.listen(0, LOOPBACK)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const closed = once(server, 'close')
  return {
    access: { url: `http://${LOOPBACK}:${port}`, token },
    async close() {
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Reads a JSON body; an absent one counts as an empty object. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  // To its end, however long it is: otherwise the client could not read the answer.
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size <= MAXIMUM_BODY_BYTES) chunks.push(chunk as Buffer)
  }
  if (size === 0) return {}
  if (size > MAXIMUM_BODY_BYTES)
    throw new TestInputError(`the body has more than ${MAXIMUM_BODY_BYTES} bytes`)
  try {
    // Skips the byte order mark that PowerShell writes.
    return JSON.parse(new TextDecoder().decode(Buffer.concat(chunks)))
  } catch {
    throw new TestInputError('the body is not JSON')
  }
}

function isBearer(header: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function failure(status: number, error: string): ControlAnswer {
  return { status, body: { error } }
}
