import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { Redis } from 'ioredis'
import { freePort, launchRedis, type RedisProcess } from '../support/redis-process.ts'
import { type ComposeFile, makeSecrets, ROOT, readCompose } from './compose.ts'

/** The address of a container, with its port if there is one. */
const ADDRESS = /(?<host>172\.28\.7\.\d+|(?<=@)redis\b)(?:(?<between>[ :])\d+)?/g

/** A Redis or a sentinel of a stack. */
export interface Node {
  /** Signed in as a user who may do everything. The shipped files have none. */
  readonly admin: Redis
  /** Its `/data`. */
  readonly data: string
  kill(): Promise<void>
  start(): Promise<void>
}

/** The Redis services of a compose file, run by the real programs on 127.0.0.1. */
export interface Stack {
  /** Stands for the containers' `/secrets`. */
  readonly secrets: string
  /** REDIS_URL as the server reads it. */
  readonly url: string
  /** Starts a service with the command and the configuration of the compose file. */
  start(service: string): Promise<Node>
  /** Replaces the addresses and the secrets of the containers in a text by those of this machine. */
  local(text: string): string
  /** Reads a file of `secrets`. */
  secret(name: string): string
  stop(): Promise<void>
}

/**
 * Makes secrets and chooses ports for the Redis services of a compose file.
 * @param composeFile Path from the root of the project.
 */
export async function newStack(composeFile: string): Promise<Stack> {
  const file = readCompose(composeFile)
  const folder = mkdtempSync(`${tmpdir()}/emberlink-stack-`)
  const secrets = `${folder}/secrets`
  makeSecrets(file, secrets)
  const ports = await choosePorts(file)
  const secret = (name: string) => readFileSync(`${secrets}/${name}`, 'utf8').trim()
  const adminPassword = addAdmin(`${secrets}/redis/users.acl`)
  const running: { readonly admin: Redis; readonly kill: () => Promise<void> }[] = []

  function local(text: string): string {
    return text.replaceAll('/secrets/', `${secrets}/`).replaceAll(ADDRESS, (...found) => {
      const { host, between = ':' } = found.at(-1) as { host: string; between?: string }
      return `127.0.0.1${between}${ports.get(host)}`
    })
  }

  async function start(service: string): Promise<Node> {
    const port = ports.get(hostOf(file, service)) as number
    const home = `${folder}/${service}`
    const inside = (text: string) =>
      local(text)
        .replaceAll('/etc/emberlink/', `${home}/`)
        .replaceAll(/(?<![\w.])\/data\b/g, `${home}/data`)
    mkdirSync(`${home}/data`, { recursive: true })
    for (const name of ['redis.conf', 'sentinel.conf', 'start-node.sh']) {
      writeFileSync(`${home}/${name}`, inside(readFileSync(`${ROOT}docker/${name}`, 'utf8')))
    }
    const args = redisArguments(file, service, inside, port)
    const login = service.startsWith('sentinel')
      ? { password: secret('redis/password.sentinel') }
      : { username: 'admin', password: adminPassword }

    let process: RedisProcess = await launchRedis(args, home, port)
    const admin = new Redis({ port, ...login, retryStrategy: () => 50, maxRetriesPerRequest: null })
    admin.on('error', () => 'it is killed by tests')
    const node = {
      admin,
      data: `${home}/data`,
      kill: () => process.signal('SIGKILL'),
      async start() {
        process = await launchRedis(args, home, port)
      },
    }
    running.push(node)
    return node
  }

  return {
    secrets,
    url: local(secret('server/redis_url')),
    start,
    local,
    secret,
    async stop() {
      for (const { admin } of running) admin.disconnect()
      await Promise.all(running.map(({ kill }) => kill()))
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

function hostOf(file: ComposeFile, service: string): string {
  return file.services[service]?.networks?.store?.ipv4_address ?? service
}

async function choosePorts(file: ComposeFile): Promise<Map<string, number>> {
  const ports = new Map<string, number>()
  for (const service of Object.keys(file.services)) ports.set(hostOf(file, service), await freePort())
  return ports
}

function addAdmin(acl: string): string {
  const password = randomBytes(16).toString('hex')
  chmodSync(acl, 0o600)
  appendFileSync(acl, `user admin on >${password} ~* &* +@all\n`)
  return password
}

/** Returns the command line of `redis-server`, as start-node.sh would run it where the service has that. */
function redisArguments(
  file: ComposeFile,
  service: string,
  inside: (text: string) => string,
  port: number,
): string[] {
  const base = readCompose('docker-compose.yml').services['redis']
  const { entrypoint = base?.entrypoint ?? [], command = base?.command ?? [] } = file.services[service] ?? {}
  const [program, ...args] = [...entrypoint, ...command].map(inside)
  if (program === 'redis-server') return [...args, '--port', `${port}`, '--bind', '127.0.0.1']

  const folder = mkdtempSync(`${tmpdir()}/emberlink-path-`)
  writeFileSync(`${folder}/redis-server`, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o700 })
  const [script = '', name = '', ...words] = args
  const printed = execFileSync('sh', [script, name, `port ${port}`, 'bind 127.0.0.1', ...words], {
    encoding: 'utf8',
    env: { PATH: `${folder}:${process.env['PATH']}` },
  })
  rmSync(folder, { recursive: true })
  return printed.trim().split('\n')
}
