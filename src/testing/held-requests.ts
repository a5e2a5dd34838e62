import type { Socket } from 'node:net'

/** How the wait of a held request ended: its client may have disconnected. */
export type HeldOutcome = 'released' | 'disconnected'

/** Requests that wait because of a fault. */
export interface HeldRequests {
  /**
   * Holds a request until it is released or its client disconnects.
   *
   * @param milliseconds After which it is released anyway; undefined for never.
   */
  hold(socket: Socket, milliseconds: number | undefined): Promise<HeldOutcome>
  /** Resolves once at least one request is held. */
  held(): Promise<void>
  /** Releases all. @returns How many. */
  release(): number
  /** Disconnects the clients of all. */
  disconnect(): void
  /** Does the same, also to requests that would be held later. */
  close(): void
}

/** Creates an empty set of held requests. */
export function createHeldRequests(): HeldRequests {
  const sockets = new Map<() => void, Socket>()
  const waiting: (() => void)[] = []
  let closed = false

  function disconnect(): void {
    for (const socket of sockets.values()) socket.destroy()
  }

  return {
    hold(socket, milliseconds) {
      if (closed) socket.destroy()
      if (socket.destroyed) return Promise.resolve('disconnected')
      return new Promise((resolve) => {
        const end = (outcome: HeldOutcome) => {
          clearTimeout(timer)
          socket.off('close', onClose)
          sockets.delete(release)
          resolve(outcome)
        }
        const onClose = () => end('disconnected')
        const release = () => end('released')
        const timer = milliseconds === undefined ? undefined : setTimeout(release, milliseconds)
        socket.once('close', onClose)
        sockets.set(release, socket)
        for (const resume of waiting.splice(0)) resume()
      })
    },
    held: () => (sockets.size > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    release() {
      const releases = [...sockets.keys()]
      for (const release of releases) release()
      return releases.length
    },
    disconnect,
    close() {
      closed = true
      disconnect()
    },
  }
}
