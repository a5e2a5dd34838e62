import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Redis } from 'ioredis'
import { freePort, launchRedis, type RedisCommand } from './redis-process.ts'

/** Contains characters that an address must encode. */
export const PASSWORD = 'p@ss/word: 100%?'
/** The same as part of an address. */
export const CREDENTIALS = `:${encodeURIComponent(PASSWORD)}@`

/** The shipped configuration: nothing is evicted, each write is on disk before its answer, a password is required. */
const SOUND = {
  bind: '127.0.0.1',
  save: '""',
  appendonly: 'yes',
  appendfsync: 'always',
  'maxmemory-policy': 'noeviction',
  hz: '100',
  'repl-diskless-sync-delay': '0',
  requirepass: `"${PASSWORD}"`,
  masterauth: `"${PASSWORD}"`,
}

/** A real Redis of a test's own. */
export interface RedisServer {
  /** With the password. */
  readonly url: string
  readonly port: number
  readonly password: string
  /** For looking at the data past the store; closed by `stop`. */
  readonly client: Redis
  kill(): Promise<void>
  /** Starts it again on the same data, after `kill`. */
  start(): Promise<void>
  /** It keeps its connections and answers nothing until `resume`. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends it for good and removes its data. */
  stop(): Promise<void>
}

/**
 * Starts one Redis.
 * @param settings Lines of redis.conf that differ from the shipped ones.
 * @param command Another server to start.
 */
export async function startRedis(
  settings: Readonly<Record<string, string>> = {},
  command?: RedisCommand,
): Promise<RedisServer> {
  const port = await freePort()
  const folder = await newFolder()
  const all = Object.entries({ ...SOUND, ...settings, port, dir: folder })
  await writeFile(`${folder}/redis.conf`, all.map((setting) => setting.join(' ')).join('\n'))
  return startServer([`${folder}/redis.conf`], folder, port, command)
}

/**
 * Starts a Redis or a sentinel.
 *
 * @param args The command line.
 * @param folder The data, which `stop` removes.
 * @param command Another server to start.
 */
export async function startServer(
  args: readonly string[],
  folder: string,
  port: number,
  command?: RedisCommand,
): Promise<RedisServer> {
  let running = await launchRedis(args, folder, port, command)
  const client = new Redis({ port, password: PASSWORD, retryStrategy: () => 50, maxRetriesPerRequest: null })
  client.on('error', () => 'it is killed by tests')
  return {
    url: `redis://${CREDENTIALS}127.0.0.1:${port}`,
    port,
    password: PASSWORD,
    client,
    kill: () => running.signal('SIGKILL'),
    async start() {
      running = await launchRedis(args, folder, port, command)
    },
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    async stop() {
      client.disconnect()
      await running.signal('SIGKILL')
      // A child that saved in the background may outlive its killed parent for a moment.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** Creates a folder for the data of one. */
export function newFolder(): Promise<string> {
  return mkdtemp(`${tmpdir()}/emberlink-redis-`)
}
