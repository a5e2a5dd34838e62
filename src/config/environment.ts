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

/** @returns Whether the standard variables of OpenTelemetry ask for traces. The rest of them its own packages read. */
export function asksForTraces(): boolean {
  const { env } = process
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return false
  return ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => env[name] !== undefined && env[name] !== '',
  )
}

/** @returns How many threads libuv's pool has, which node sizes before any of our code runs. */
export function threadPoolSize(): number {
  const size = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '4', 10)
  // libuv takes 1 for what it cannot read.
  return size > 0 ? size : 1
}
