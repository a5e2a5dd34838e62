import { readConfig } from '../config/environment.ts'
import { addRootKey } from '../crypto/root-key-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { CommandError } from './errors.ts'

/**
 * Adds a new root key to the embedded store. From the next start of the server it seals; the older ones still open.
 *
 * @throws CommandError when the root keys are in a setting; ConfigError; an Error that says what is wrong with the
 *   file.
 */
export async function rotate(): Promise<number> {
  const { rootKeys, dataDir } = readConfig()
  if (rootKeys !== undefined)
    throw new CommandError('ROOT_KEY is set: put the new key before the others there')
  const path = rootKeyPath(dataDir)
  const count = addRootKey(path)
  process.stdout.write(`${path} holds ${count} root keys; restart the server to seal with the new one\n`)
  return 0
}
