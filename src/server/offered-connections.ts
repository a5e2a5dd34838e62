import type { Worker } from 'node:cluster'

/**
 * The primary offers a worker one connection at a time for each address that it listens on. If more are not acknowledged,
 * this Node.js does it differently.
 */
const MAXIMUM_OFFERED = 16

interface Handle {
  close(): void
}

interface ClusterMessage {
  readonly act?: unknown
  readonly seq?: unknown
  readonly ack?: unknown
}

/**
 * Closes the connections that a worker has been offered but has not accepted when it exits. Node.js forgets them, and
 * their clients would wait forever. Clients of closed connections try again.
 *
 * No public means does this: with `cluster.SCHED_NONE` workers accept for themselves, but a few of them get most
 * connections, and `reusePort` needs Node.js 23. So this reads the messages between primary and worker (`handoff` in
 * lib/internal/cluster/round_robin_handle.js), as they are in Node.js 20, 24 and 26. With other messages it does nothing.
 */
export function closeOfferedConnections(worker: Worker): void {
  const offered = new Map<unknown, Handle>()
  const channel = worker.process
  const send = channel.send.bind(channel) as (...message: unknown[]) => boolean
  let isKnown = true
  channel.send = (...message: unknown[]) => {
    const [first, handle] = message as [ClusterMessage | undefined, unknown]
    if (isKnown && first?.act === 'newconn' && isHandle(handle)) offered.set(first.seq, handle)
    if (offered.size > MAXIMUM_OFFERED) {
      isKnown = false
      offered.clear()
    }
    return send(...message)
  }
  channel.on('internalMessage', (message: ClusterMessage | undefined) => {
    offered.delete(message?.ack)
  })
  worker.once('exit', () => {
    for (const handle of offered.values()) handle.close()
  })
}

function isHandle(value: unknown): value is Handle {
  return typeof (value as Partial<Handle> | undefined)?.close === 'function'
}
