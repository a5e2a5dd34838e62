import { existsSync, readFileSync } from 'node:fs'
import { type Config, loadConfig } from './load.ts'

/**
 * Reads the settings of this process from its environment, and from `.env` in the working directory if that exists.
 *
 * @throws ConfigError with every fault that was found; a system error when `.env` exists and cannot be read.
 */
export function readConfig(): Config {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return loadConfig(process.env, readFile, existsSync('.env') ? readFile('.env') : '')
}

/** Whether the standard variables of OpenTelemetry ask for traces. Its own packages read the rest of them. */
export function isTracingConfigured(): boolean {
  const { env } = process
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return false
  return ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => env[name] !== undefined && env[name] !== '',
  )
}

/** Returns how many threads libuv's pool has, which Node.js sizes before any of our code runs. */
export function threadPoolSize(): number {
  const size = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '4', 10)
  // libuv takes a malformed size for 1.
  return size > 0 ? size : 1
}
