import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type FetchedPrograms, fetchPrograms } from './debian.ts'

const SERVER = 'redis-server'
const IMAGE = 'redis:7.2-bookworm'
const START_MS = 60_000

/** A running `redis-server`. */
export interface RedisProcess {
  /** Sends a signal. After SIGKILL, waits until the process has ended. */
  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>
}

/** How the command line of another `redis-server` begins: a program, and what precedes our arguments. */
export type RedisCommand = readonly [program: string, ...args: string[]]

type Launch = (args: readonly string[], folder: string) => Promise<RedisProcess>

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

let launch: Promise<Launch> | undefined

/**
 * Starts a real `redis-server`: in Docker where a daemon answers, else the one on the PATH, else a fetched one.
 * @param args Its command line. It has to listen on 127.0.0.1.
 * @param folder Where it may write, and starts.
 * @param port Where it will answer.
 * @param command Another server to start.
 */
export async function launchRedis(
  args: readonly string[],
  folder: string,
  port: number,
  command?: RedisCommand,
): Promise<RedisProcess> {
  const launched = await (command === undefined
    ? launchOurs(args, folder)
    : spawned(command, {}, args, folder))
  const failed = launched.ended.then(() => Promise.reject(new Error('redis-server ended before it answered')))
  await Promise.race([answers(port), failed])
  failed.catch(() => 'from here on it may end')
  return launched
}

async function launchOurs(args: readonly string[], folder: string): Promise<RedisProcess> {
  launch ??= chooseLaunch(folder)
  return (await launch)(args, folder)
}

/**
 * Fetches Redis before the first test, where it will have to be fetched, so that no test times out because of it.
 * Without it only the tests that need it fail; in CI nothing runs.
 */
export async function prepareRedis(): Promise<void> {
  if (mayHaveDocker() || isInstalled()) return
  try {
    await fetchRedis()
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error
    process.stderr.write(`Redis cannot be fetched: ${(error as Error).message}\n`)
  }
}

function mayHaveDocker(): boolean {
  return process.env['DOCKER_HOST'] !== undefined || existsSync('/var/run/docker.sock')
}

function isInstalled(): boolean {
  return spawnSync(SERVER, ['--version']).status === 0
}

/**
 * Finds a port of 127.0.0.1 that is free, as is the one 10,000 above, where a cluster's nodes talk. Both are below
 * those that systems give to outgoing connections.
 */
export async function freePort(): Promise<number> {
  const port = randomInt(10_000, 20_000)
  return (await isFree(port)) && (await isFree(port + 10_000)) ? port : freePort()
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

async function chooseLaunch(folder: string): Promise<Launch> {
  if (mayHaveDocker()) {
    try {
      const port = await freePort()
      const trial = await inDocker(['--port', String(port), '--bind', '127.0.0.1'], folder)
      await answers(port)
      await trial.signal('SIGKILL')
      return inDocker
    } catch (error) {
      process.stderr.write(`Redis is not taken from Docker: ${(error as Error).message}\n`)
    }
  }
  if (isInstalled()) return (args, folder) => spawned([SERVER], {}, args, folder)
  const { bin, env } = await fetchRedis()
  return (args, folder) => spawned([`${bin}redis-server`], env, args, folder)
}

/** Fetches `redis-server` and `redis-cli`. */
export function fetchRedis(): Promise<FetchedPrograms> {
  return fetchPrograms('redis', ['redis-server', 'redis-tools'])
}

async function spawned(
  [program, ...first]: RedisCommand,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
  folder: string,
): Promise<RedisProcess> {
  const environment = { ...process.env, ...env }
  const child = spawn(program, [...first, ...args], { cwd: folder, env: environment, stdio: 'ignore' })
  await once(child, 'spawn')
  children.add(child)
  const ended = once(child, 'exit').then(() => children.delete(child))
  return {
    ended,
    async signal(name) {
      child.kill(name)
      if (name === 'SIGKILL') await ended
    },
  }
}

/** On the host's network, so that every server has the same address for us and for the other servers. */
async function inDocker(args: readonly string[], folder: string): Promise<RedisProcess> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers')
  const container = await new GenericContainer(IMAGE)
    .withNetworkMode('host')
    .withUser(`${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`)
    .withBindMounts([{ source: folder, target: folder }])
    .withWorkingDir(folder)
    .withEntrypoint([SERVER])
    .withCommand([...args])
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections|Sentinel ID is/))
    .start()
  const { container: containers } = await getContainerRuntimeClient()
  const handle = containers.getById(container.getId())
  const ended = handle.wait()
  return {
    ended,
    async signal(name) {
      await handle.kill({ signal: name }).catch(() => 'it has ended before')
      if (name === 'SIGKILL') await ended
    },
  }
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + START_MS
  while (!(await ping(port))) {
    if (Date.now() > deadline) throw new Error(`redis-server does not answer on port ${port}`)
    await sleep(20)
  }
}

/** Whether Redis answers. That it requires a password first is an answer too. */
async function ping(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return /^(\+PONG|-NOAUTH)/.test(answer.toString())
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
