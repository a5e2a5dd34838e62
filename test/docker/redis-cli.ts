import { spawnSync } from 'node:child_process'
import { fetchRedis } from '../support/redis-process.ts'

/** Returns the environment of this process, or one in which `redis-cli` is found too. */
export async function redisCli(): Promise<NodeJS.ProcessEnv> {
  if (spawnSync('redis-cli', ['--version']).status === 0) return process.env
  const { bin, env } = await fetchRedis()
  return { ...process.env, ...env, PATH: `${bin}:${process.env['PATH']}` }
}
