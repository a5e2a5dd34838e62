import type { Worker } from 'node:cluster'

interface Handle {
  close(): void
}

interface ClusterMessage {
  readonly act?: string
  readonly seq?: number
  readonly ack?: number
}

/**
 * Closes the connections that a worker has been offered but has not accepted when it exits. Node.js forgets them, and
 * their clients would wait forever (`handoff` in lib/internal/cluster/round_robin_handle.js). Clients of closed connections
 * try again.
 */
export function closeOfferedConnections(worker: Worker): void {
  const offered = new Map<number, Handle>()
  const channel = worker.process
  const send = channel.send.bind(channel) as (...message: unknown[]) => boolean
  channel.send = (...message: unknown[]) => {
    const [{ act, seq }, handle] = message as [ClusterMessage, Handle | undefined]
    if (act === 'newconn' && seq !== undefined && handle !== undefined) offered.set(seq, handle)
    return send(...message)
  }
  channel.on('internalMessage', ({ ack }: ClusterMessage) => {
    if (ack !== undefined) offered.delete(ack)
  })
  worker.once('exit', () => {
    for (const handle of offered.values()) handle.close()
  })
}
