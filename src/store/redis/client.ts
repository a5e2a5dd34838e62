import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { createSentinelConnector } from './sentinel-connector.ts'
import type { RedisAddress } from './url.ts'

/** One connection to a server, or one to each node of a cluster. */
export type RedisClient = Redis | Cluster

type Options = Omit<RedisOptions, 'replyMapping'>

const PAUSE_MS = 50
const MAXIMUM_PAUSE_MS = 1000

/** Commands of one turn of the event loop are sent together, except for these. */
const PIPELINING = { enableAutoPipelining: true, autoPipeliningIgnoredCommands: ['eval', 'wait'] }

/**
 * Creates a client that never waits silently and never runs a command twice. When a connection breaks, a command under
 * way fails at once, because it may have been carried out: run again, a claim would find nothing and report its own
 * secret as unknown. A command without a connection fails at once too, and is never sent later, when its caller has
 * long been told that nothing happened.
 *
 * @param timeoutMs How long to wait for a connection, and for any data while a reply is due.
 */
export function createClient(address: RedisAddress, timeoutMs: number): RedisClient {
  const common: Options = {
    username: address.username,
    password: address.password,
    lazyConnect: true,
    connectTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...(address.tls && { tls: {} }),
  }
  if (address.form === 'cluster') return createCluster(address, timeoutMs, common)
  const options: Options = {
    ...common,
    ...PIPELINING,
    db: address.db,
    enableOfflineQueue: false,
    retryStrategy: pause,
    // A master that has become a replica: look for the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  }
  if (address.form === 'single') return new Redis({ ...options, ...address.nodes[0] })
  const sentinel = {
    master: address.master as string,
    tls: address.tls,
    password: address.sentinelPassword,
    timeoutMs,
  }
  return new Redis({ ...options, Connector: createSentinelConnector(address.nodes, sentinel, pause) })
}

function createCluster(address: RedisAddress, timeoutMs: number, redisOptions: Options): Cluster {
  const cluster = new Cluster([...address.nodes], {
    ...PIPELINING,
    redisOptions,
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    slotsRefreshTimeout: timeoutMs,
    clusterRetryStrategy: pause,
    // With a pause here, ioredis would run a command again whose connection broke before the reply.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Keeps host names, so that TLS can verify them.
    dnsLookup: (host, done) => done(null, host),
  })
  // A node that connected only for its first command would delay that command, however long it takes.
  cluster.on('+node', (node: Redis) => {
    if (node.options.readOnly !== true) node.connect().catch(() => undefined)
  })
  // A lost node comes back, or another takes its slots: ask now, rather than let the next request find out.
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
