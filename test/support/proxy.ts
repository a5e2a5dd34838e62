import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'

/** The answer to a PING, which the store sends by itself from time to time. */
const SIGN_OF_LIFE = Buffer.from('+PONG\r\n')

/** A wire between two parts of a system, to be broken in the ways that wires break. */
export interface FaultyWire {
  readonly port: number
  /** Lets the next request but a PING through, then breaks its connection in place of the answer. */
  dropNextReply(): void
  /** Lets requests through and swallows every answer, until `restore`. */
  swallowReplies(): void
  /** Breaks all connections; new ones are welcome. */
  cut(): void
  /** Swallows everything, in either direction, until `restore`. */
  blackhole(): void
  restore(): void
  /** New connections lead to another port. */
  redirect(to: number): void
  stop(): Promise<void>
}

/**
 * Starts a proxy that breaks what passes through it.
 * @param target A port of 127.0.0.1.
 */
export async function startProxy(target: number): Promise<FaultyWire> {
  let end = target
  const pairs = new Set<readonly [Socket, Socket]>()
  let dropping = false
  let swallowed: 'nothing' | 'replies' | 'everything' = 'nothing'

  const server = createServer((near) => {
    const far = createConnection(end, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    near.on('data', (request) => {
      if (swallowed !== 'everything') far.write(request)
    })
    far.on('data', (reply) => {
      if (dropping && !reply.equals(SIGN_OF_LIFE)) {
        dropping = false
        near.destroy()
      } else if (swallowed === 'nothing') {
        near.write(reply)
      }
    })
    for (const socket of pair) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        for (const other of pair) other.destroy()
        pairs.delete(pair)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  function cut(): void {
    for (const [near] of pairs) near.destroy()
  }

  return {
    port: (server.address() as AddressInfo).port,
    dropNextReply() {
      dropping = true
    },
    swallowReplies() {
      swallowed = 'replies'
    },
    cut,
    blackhole() {
      swallowed = 'everything'
    },
    restore() {
      swallowed = 'nothing'
    },
    redirect(to) {
      end = to
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
