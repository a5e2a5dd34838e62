import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress } from '../../redis-url.ts'
import { createSentinelConnector, DISCONNECT_MS } from './sentinel-connector.ts'
import type { TlsOptions } from './tls.ts'
import { TlsConnector } from './tls-connector.ts'

/** A connection to one server, or connections to all nodes of a cluster. */
export type RedisClient = Redis | Cluster

type Options = Omit<RedisOptions, 'replyMapping'>

const PAUSE_MS = 50
const MAXIMUM_PAUSE_MS = 1000

/**
 * Creates a client that neither queues commands silently nor runs one twice. When a connection breaks, pending commands fail
 * at once, because they may have been executed: a repeated claim would find its own secret already claimed. Without a
 * connection, commands fail at once too, and are not sent later, when their callers have already reported a failure.
 *
 * @param timeoutMs How long to wait for a connection, and for any data while a reply is due.
 * @param tls Is used if the address says so.
 */
export function createClient(address: RedisAddress, timeoutMs: number, tls: TlsOptions): RedisClient {
  const common: Options = {
    username: address.username,
    password: address.password,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disconnectTimeout: DISCONNECT_MS,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...(address.tls && { tls, Connector: TlsConnector }),
  }
  if (address.form === 'cluster') return createCluster(address, timeoutMs, common)
  const options: Options = {
    ...common,
    db: address.db,
    enableOfflineQueue: false,
    retryStrategy: pause,
    // Reconnects when a master has become a replica.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
  if (address.form === 'socket') return new Redis({ ...options, path: address.path as string })
  if (address.form === 'single') return new Redis({ ...options, ...address.nodes[0] })
  const sentinel = {
    master: address.master as string,
    tls: address.tls ? tls : undefined,
    user: address.sentinelUser,
    password: address.sentinelPassword,
    timeoutMs,
  }
  return new Redis({ ...options, Connector: createSentinelConnector(address.nodes, sentinel, pause) })
}

function createCluster(address: RedisAddress, timeoutMs: number, redisOptions: Options): Cluster {
  const cluster = new Cluster([...address.nodes], {
    redisOptions,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    slotsRefreshTimeout: timeoutMs,
    clusterRetryStrategy: pause,
    // With a delay here, ioredis would repeat a command whose connection broke before the reply.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Keeps host names for TLS verification.
    dnsLookup: (host, done) => done(null, host),
  })
  // Otherwise, a node would connect only for its first command, and delay it.
  cluster.on('+node', (node: Redis) => {
    if (node.options.readOnly !== true) node.connect().catch(() => undefined)
  })
  // A lost node returns, or another takes over its slots: refresh now rather than with the next request.
  cluster.on('-node', () => {
    setTimeout(() => {
      if (cluster.status === 'ready') cluster.refreshSlotsCache()
    }, PAUSE_MS).unref()
  })
  return cluster
}

function pause(attempt: number): number {
  return Math.min(attempt * PAUSE_MS, MAXIMUM_PAUSE_MS)
}
