import { existsSync, readFileSync } from 'node:fs'
import { type Config, ConfigError, loadConfig } from './load.ts'
import { type ReadFile, readSettingFile } from './setting-file.ts'
import { Rejection } from './value-types.ts'

/**
 * Reads the settings of this process from its environment, and from `.env` in the working directory if it exists.
 *
 * @throws ConfigError with every fault, or with the reason why `.env` cannot be read.
 */
export function readConfig(): Config {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return loadConfig(process.env, readFile, existsSync('.env') ? readDotenv(readFile) : '')
}

function readDotenv(readFile: ReadFile): string {
  try {
    return readSettingFile(readFile, '.env')
  } catch (error) {
    if (error instanceof Rejection) throw new ConfigError([`.env: ${error.message}`])
    throw error
  }
}

/** Tells whether OpenTelemetry's standard variables enable traces. Its own packages read the other variables. */
export function isTracingConfigured(): boolean {
  const { env } = process
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return false
  return ['OTEL_TRACES_EXPORTER', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => env[name] !== undefined && env[name] !== '',
  )
}

/** Returns the API token for `emberlink conformance`, which is no setting of a server; undefined if it is not set. */
export function readApiToken(): string | undefined {
  return process.env['EMBERLINK_TOKEN']
}

/** Returns the size of libuv's thread pool, which Node.js fixes before any of our code runs. */
export function threadPoolSize(): number {
  const size = Number.parseInt(process.env['UV_THREADPOOL_SIZE'] ?? '4', 10)
  // libuv treats a malformed size as 1.
  return size > 0 ? size : 1
}
