import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'

// Names every connection that a server of this process accepts, also those of the second server by which Fastify
// listens at both addresses of `localhost`.
const ACCEPTED = 'net.server.socket'

/** The open connections of a server. */
export interface Connections {
  /**
   * Closes those on which nothing has been sent, and later ones at once, because `Server.close` counts them among the
   * requests under way: nodejs/node#63452.
   */
  closeSilent(): void
  /** Closes all, whatever is under way on them. */
  closeAll(): void
  /** Settles when none is open any more. */
  closed(): Promise<void>
}

/** Calls a listener for each connection to the port of a server that does not listen yet, before anything is read from it. */
export function onAccepted(server: Server, listener: (socket: Socket) => void): void {
  server.once('listening', () => {
    const { port } = server.address() as AddressInfo
    const follow = (message: unknown) => {
      const { socket } = message as { readonly socket: Socket }
      if (socket.localPort === port) listener(socket)
    }
    subscribe(ACCEPTED, follow)
    server.once('close', () => unsubscribe(ACCEPTED, follow))
  })
}

/** Lets the process exit although a server is listening, and has clients. */
export function letProcessExit(server: Server): void {
  server.unref()
  onAccepted(server, (socket) => socket.unref())
}

/** Follows the connections to the port of a server that does not listen yet. */
export function followConnections(server: Server): Connections {
  const open = new Set<Socket>()
  let closesSilent = false
  onAccepted(server, (socket) => {
    if (closesSilent) return void socket.destroy()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return {
    closeSilent() {
      closesSilent = true
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    },
    closeAll() {
      for (const socket of open) socket.destroy()
    },
    async closed() {
      while (open.size > 0) await Promise.all(Array.from(open, (socket) => once(socket, 'close')))
    },
  }
}
