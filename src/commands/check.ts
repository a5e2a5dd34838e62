import { readConfig } from '../config/environment.ts'
import { inspectBackend } from '../server/backend.ts'

/**
 * Validates the configuration, verifies that the store accepts writes and that the root keys are the ones it was written
 * with, and prints warnings.
 *
 * @returns The exit status: 1 when the store is full or may lose data. Warnings about the environment do not affect it.
 * @throws ConfigError; DomainError `store_unavailable` or `missing_root_key`.
 */
export async function check(): Promise<number> {
  const config = readConfig()
  process.stdout.write('settings: good\n')
  warn(config.warnings)
  const { store } = await inspectBackend(config)
  try {
    const { full } = await store.ready()
    const warnings = await store.warnings()
    process.stdout.write(full === undefined ? 'store: accepts writes\n' : 'store: full\n')
    if (full !== undefined) warnings.unshift(`nothing new can be stored: ${full}`)
    warn(warnings)
    return warnings.length === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stdout.write(`warning: ${warning}\n`)
}
