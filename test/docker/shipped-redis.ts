import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { freePort, launchRedis, type RedisProcess } from '../support/redis-process.ts'

const DOCKER = fileURLToPath(new URL('../../docker/', import.meta.url))

/** A real Redis that runs on the configuration and the users that the containers get. */
export interface ShippedRedis {
  readonly port: number
  /** Where make-secrets.mjs wrote to, and where the data is. */
  readonly folder: string
  /** A user of the test's own who may do everything. */
  readonly admin: Redis
  password(user: string): string
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Runs make-secrets.mjs as the compose files do. @returns The folder that it filled. */
export function makeSecrets(...users: string[]): string {
  const folder = mkdtempSync(`${tmpdir()}/emberlink-docker-`)
  runMakeSecrets(folder, ...users)
  return folder
}

/** Runs it again on a folder that may be filled. */
export function runMakeSecrets(folder: string, ...users: string[]): void {
  execFileSync(process.execPath, [`${DOCKER}make-secrets.mjs`, folder, 'redis://redis:6379', ...users])
}

/** @param extra Command line beside the configuration file. */
export async function startShipped(users: readonly string[], ...extra: string[]): Promise<ShippedRedis> {
  const folder = makeSecrets(...users)
  const password = randomBytes(16).toString('hex')
  const acl = `${folder}/redis/users.acl`
  writeFileSync(`${folder}/users.acl`, readFileSync(acl))
  appendFileSync(`${folder}/users.acl`, `user admin on >${password} ~* &* +@all\n`)
  const conf = readFileSync(`${DOCKER}redis.conf`, 'utf8')
    .replace('/secrets/redis/users.acl', `${folder}/users.acl`)
    .replace('dir /data', `dir ${folder}`)
  writeFileSync(`${folder}/redis.conf`, conf)

  const port = await freePort()
  const args = [`${folder}/redis.conf`, '--port', String(port), '--bind', '127.0.0.1', ...extra]
  let running: RedisProcess = await launchRedis(args, folder, port)
  const admin = new Redis({
    port,
    username: 'admin',
    password,
    retryStrategy: () => 50,
    maxRetriesPerRequest: null,
  })
  admin.on('error', () => 'it is killed by tests')
  return {
    port,
    folder,
    admin,
    password: (user) => readFileSync(`${folder}/redis/password.${user}`, 'utf8').trim(),
    kill: () => running.signal('SIGKILL'),
    async start() {
      running = await launchRedis(args, folder, port)
    },
    async stop() {
      admin.disconnect()
      await running.signal('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
