import { once } from 'node:events'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { Cluster, type Redis } from 'ioredis'
import type { RedisAddress } from '../../redis-url.ts'
import { createClient, type RedisClient } from './client.ts'
import { hintAtCause } from './connection-hint.ts'
import { describe, storeUnavailable } from './errors.ts'
import { createFaultLog } from './faults.ts'
import { type Confirmation, createConfirmation } from './replicas.ts'
import type { Reply, RunScript } from './scripts.ts'
import { createSendScript, type EvalCommand, slotOf } from './send-script.ts'
import { within } from './timeout.ts'
import { readTlsFiles, type TlsFiles } from './tls.ts'

/** The error that proves that the script was not run, because the server does not have it. */
const NOT_RUN = /^NOSCRIPT /

type ScriptRun = Parameters<RunScript>

/** An open client that tracks pending calls. */
export interface RedisConnection {
  readonly run: RunScript
  /** Returns each server that accepts writes. @throws DomainError `store_unavailable` when one is not connected. */
  masters(): Redis[]
  /** Returns the master that a key belongs to. @throws DomainError `store_unavailable` when it is not connected. */
  masterOf(key: string): Redis
  /** Waits for pending calls, as long as a reply may take, then disconnects. Calls still pending fail. */
  close(): Promise<void>
}

/** How to connect. */
export interface ConnectOptions {
  /** How long to wait for the connection, and later for any data while a reply is due. */
  readonly timeoutMs: number
  readonly tlsFiles: TlsFiles
}

/**
 * Connects to Redis.
 *
 * @param onFault Is called with the reason when the connection is lost; once, until it is restored.
 * @throws DomainError `store_unavailable` with the reason when Redis does not reply in time or rejects the connection.
 */
export async function openConnection(
  address: RedisAddress,
  { timeoutMs, tlsFiles }: ConnectOptions,
  onFault: (fault: Error) => void,
): Promise<RedisConnection> {
  const client = createClient(address, timeoutMs, readTlsFiles(tlsFiles))
  const sendScript = createSendScript(client)
  const confirmation = address.replicas > 0 ? createConfirmation(address.replicas) : undefined
  const faults = createFaultLog(client)
  let underWay = 0
  let closing: Promise<void> | undefined
  let isClosed = false
  let onIdle: (() => void) | undefined

  try {
    await within(timeoutMs, connect(client, address.db))
  } catch (error) {
    client.disconnect()
    const { message } = faults.known ?? describe(error)
    throw storeUnavailable(new Error(hintAtCause(message, address, tlsFiles)))
  }
  faults.start(onFault)

  return {
    async run(...run) {
      if (isClosed) throw storeUnavailable(new Error('the store is closed'))
      underWay += 1
      try {
        return await send('evalsha', run)
      } catch (error) {
        if (!NOT_RUN.test((error as Error).message)) throw storeUnavailable(error, faults.known)
        return await sendText(run)
      } finally {
        underWay -= 1
        if (underWay === 0) onIdle?.()
      }
    },

    masters() {
      if (!(client instanceof Cluster)) return [client]
      return [...new Set(client.slots.map(([owner]) => owner))].map((owner) => nodeAt(client, owner))
    },

    masterOf,

    close() {
      closing ??= disconnect()
      return closing
    },
  }

  /** Sends a script, and waits for the replicas that are to confirm it. */
  function send(command: EvalCommand, run: ScriptRun): Promise<Reply> {
    const [script, keys, args] = run
    if (confirmation === undefined || !script.confirmed) {
      return sendScript(command, script.plain, keys, args).promise
    }
    return sendConfirmed(confirmation, command, run)
  }

  async function sendConfirmed(
    { ensure, confirm, attempt }: Confirmation,
    command: EvalCommand,
    [{ confirmed, traced }, keys, args]: ScriptRun,
  ): Promise<Reply> {
    const isRequired = confirmed === true
    if (isRequired) await ensure(masterOf(keys[0]), keys[0])
    const call = sendScript(command, traced, keys, args)
    const reply = await call.promise
    // Not the master that the key belongs to by now: another one may have run the script, and only its own replicas
    // can confirm that.
    await (isRequired ? confirm : attempt)(serverAt(call.stream))
    return reply
  }

  /** Sends a script as text, because the server does not have it. @throws DomainError `store_unavailable`. */
  async function sendText(run: ScriptRun): Promise<Reply> {
    try {
      return await send('eval', run)
    } catch (error) {
      throw storeUnavailable(error, faults.known)
    }
  }

  /** Returns the server at the other end of a connection; undefined when it is closed. */
  function serverAt(stream: Redis['stream'] | undefined): Redis | undefined {
    const servers = client instanceof Cluster ? client.nodes() : [client]
    return servers.find((server) => server.stream === stream)
  }

  function masterOf(key: string): Redis {
    if (!(client instanceof Cluster)) return client
    return nodeAt(client, client.slots[slotOf(key)]?.[0])
  }

  function nodeAt(cluster: Cluster, owner: string | undefined): Redis {
    const node = cluster.nodes('master').find(({ options }) => `${options.host}:${options.port}` === owner)
    if (node === undefined) throw storeUnavailable(new Error('a master of the cluster is not connected'))
    return node
  }

  async function disconnect(): Promise<void> {
    faults.stop()
    if (underWay > 0) await within(timeoutMs, finishCalls()).catch(() => undefined)
    isClosed = true
    client.disconnect()
  }

  async function finishCalls(): Promise<void> {
    while (underWay > 0) {
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
      // In a cluster, the call that follows the counting of a request begins in the turn that ends that one.
      await endOfTurn()
    }
  }
}

async function connect(client: RedisClient, db: number): Promise<void> {
  await client.connect()
  if (!(client instanceof Cluster)) {
    // ioredis has already selected the database, but ignores a failure and stays in number 0.
    await client.select(db)
    return
  }
  // Does not require all nodes: those that are connected can serve their slots.
  await Promise.allSettled(
    client.nodes('master').map(async (node) => {
      if (node.status !== 'ready') await once(node, 'ready')
    }),
  )
}
