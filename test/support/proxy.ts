import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'

/** A wire between two parts of a system, to be broken in the ways that wires break. */
export interface FaultyWire {
  readonly port: number
  /** Lets the next request through, then breaks its connection in place of the answer. */
  dropNextReply(): void
  /** Breaks all connections; new ones are welcome. */
  cut(): void
  /** Takes everything and passes nothing on, in either direction, until `restore`. */
  blackhole(): void
  restore(): void
  /** New connections lead to another port. */
  redirect(to: number): void
  stop(): Promise<void>
}

/** @param target A port of 127.0.0.1. */
export async function startProxy(target: number): Promise<FaultyWire> {
  let end = target
  const pairs = new Set<readonly [Socket, Socket]>()
  let dropping = false
  let isBlack = false

  const server = createServer((near) => {
    const far = createConnection(end, '127.0.0.1')
    const pair = [near, far] as const
    pairs.add(pair)
    near.on('data', (request) => {
      if (!isBlack) far.write(request)
    })
    far.on('data', (reply) => {
      if (dropping) {
        dropping = false
        near.destroy()
      } else if (!isBlack) {
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
    cut,
    blackhole() {
      isBlack = true
    },
    restore() {
      isBlack = false
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
