import { readConfig } from '../config/environment.ts'
import { openBackend } from '../server/backend.ts'

/**
 * Says whether the settings are good, the store accepts writes, and what about it may lose data.
 * @returns The exit status: 0 when all is well, 1 when the store is not to be trusted.
 * @throws ConfigError, or DomainError `store_unavailable`.
 */
export async function check(): Promise<number> {
  const config = readConfig()
  process.stdout.write('settings: good\n')
  const { store } = await openBackend(config)
  try {
    await store.ready()
    const concerns = await store.concerns()
    process.stdout.write('store: accepts writes\n')
    for (const concern of concerns) process.stdout.write(`store: ${concern}\n`)
    return concerns.length === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}
