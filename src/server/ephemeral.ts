import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { type ServerOverrides, startServer } from './server.ts'

/** A server with a temporary store. */
export interface EphemeralServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Stops the server and deletes its store. */
  close(): Promise<void>
}

/**
 * Starts the real server on an embedded store in a temporary folder. Does not read the environment.
 *
 * @param settings By their names in the environment.
 * @throws ConfigError when a setting is invalid; a system error when the address is taken.
 */
export async function startEphemeralServer(
  settings: Readonly<Record<string, string>>,
  overrides: ServerOverrides,
): Promise<EphemeralServer> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const config = loadConfig({ PORT: '0', DATA_DIR: folder, ...settings }, () => '')
    // They are about how a server is deployed, such as short tokens, which are good enough for tests.
    const { url, stop } = await startServer({ ...config, warnings: [] }, overrides)
    return { url, close: () => stop().then(remove) }
  } catch (error) {
    remove()
    throw error
  }
}
