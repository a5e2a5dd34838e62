import { existsSync, readFileSync } from 'node:fs'
import { type Config, loadConfig } from './load.ts'

/**
 * Reads the settings of this process: its environment, and `.env` in the working directory if that file exists.
 * @throws ConfigError with every fault that was found; a system error when `.env` is there and cannot be read.
 */
export function readConfig(): Config {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return loadConfig(process.env, readFile, existsSync('.env') ? readFile('.env') : '')
}

/** @returns How many threads libuv's pool has, which node sizes before any of our code runs. */
export function threadPoolSize(): number {
  const size = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '4', 10)
  // libuv takes 1 for what it cannot read.
  return size > 0 ? size : 1
}
