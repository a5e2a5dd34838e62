import { createConnection, type Socket } from 'node:net'
import { connect as createTlsConnection } from 'node:tls'
import { parseReplies, type RespReply } from './resp.ts'
import { namingServer, type TlsOptions } from './tls.ts'

const MAXIMUM_REPLY_BYTES = 65_536

/** The host and port of a Redis or a sentinel. */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/** How to connect to the sentinels. */
export interface SentinelOptions {
  /** The sentinels' name for the master. */
  readonly master: string
  /** Without it, connections are in clear. */
  readonly tls: TlsOptions | undefined
  /** The user of the sentinels themselves; that named `default` if there is only a password. */
  readonly user: string | undefined
  /** The password of the sentinels themselves. */
  readonly password: string | undefined
  /** How long to wait for the reply of a sentinel. */
  readonly timeoutMs: number
}

/** What a sentinel replies. */
export interface SentinelAnswer {
  readonly master: Endpoint
  /** The other sentinels that it is connected to. */
  readonly sentinels: readonly Endpoint[]
}

/**
 * Asks a sentinel for the master. Whatever the sentinel sends, this only resolves or rejects, whereas ioredis would crash
 * the process on an unexpected reply.
 *
 * @throws Error with the reason when the sentinel does not reply in time, or does not know the master.
 */
export async function askSentinel(sentinel: Endpoint, options: SentinelOptions): Promise<SentinelAnswer> {
  const { master: name, user, password } = options
  const login = password === undefined ? [] : [['AUTH', ...(user === undefined ? [] : [user]), password]]
  const commands = [...login, ['SENTINEL', 'get-master-addr-by-name', name], ['SENTINEL', 'sentinels', name]]
  const replies = await send(sentinel, options, commands)
  const refusal = replies.find((reply) => reply instanceof Error)
  if (refusal !== undefined) throw refusal
  const [address, others] = replies.slice(login.length)
  const master = Array.isArray(address) ? endpointOf(address[0], address[1]) : undefined
  if (master === undefined) throw new Error(`it does not know a master named ${name}`)
  return { master, sentinels: Array.isArray(others) ? others.flatMap(connectedSentinel) : [] }
}

/** Begins to connect to a Redis or a sentinel. An error that nobody waits for any more does not end the process. */
export function connectTo({ host, port }: Endpoint, tls: TlsOptions | undefined): Socket {
  const socket =
    tls === undefined
      ? createConnection({ host, port })
      : createTlsConnection({ ...namingServer(tls, host), host, port })
  return socket.on('error', () => undefined)
}

function send(
  sentinel: Endpoint,
  { tls, timeoutMs }: SentinelOptions,
  commands: readonly (readonly string[])[],
): Promise<readonly RespReply[]> {
  const socket = connectTo(sentinel, tls)
  const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  let text = ''
  return new Promise<readonly RespReply[]>((resolve, reject) => {
    socket.setEncoding('latin1')
    socket.on('data', (data: string) => {
      text += data
      try {
        if (text.length > MAXIMUM_REPLY_BYTES) throw new Error('the answer is too long')
        const replies = parseReplies(text, commands.length)
        if (replies !== undefined) resolve(replies)
      } catch (error) {
        reject(error)
      }
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('it closed the connection')))
    socket.write(commands.map(encode).join(''), 'utf8')
  }).finally(() => {
    clearTimeout(timer)
    socket.destroy()
  })
}

function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`).join('')}`
}

function connectedSentinel(reply: RespReply): Endpoint[] {
  if (!Array.isArray(reply)) return []
  const fact = (name: string): RespReply | undefined => reply[reply.indexOf(name) + 1]
  const endpoint = endpointOf(fact('ip'), fact('port'))
  return endpoint === undefined || String(fact('flags')).includes('disconnected') ? [] : [endpoint]
}

function endpointOf(host: RespReply | undefined, port: RespReply | undefined): Endpoint | undefined {
  if (typeof host !== 'string' || host === '' || typeof port !== 'string') return undefined
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) return undefined
  return { host, port: Number(port) }
}
