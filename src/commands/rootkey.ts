import { readConfig } from '../config/environment.ts'
import { createKeyRing } from '../crypto/key-ring.ts'
import { addRootKey, readRootKeyFile } from '../crypto/root-key-file.ts'
import { rootKeyPath } from '../server/backend.ts'
import { openAuditLog } from './audit-log.ts'
import { CommandError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'

/**
 * Adds a new root key to the embedded store. After a restart, servers seal with it; older keys still open.
 *
 * @throws CommandError when the root keys are in a setting, or there is no data; ConfigError; an Error that explains what
 *   is wrong with the file.
 */
export async function rotate(): Promise<number> {
  const config = readConfig()
  const { rootKeys, dataDir } = config
  if (rootKeys !== undefined)
    throw new CommandError('ROOT_KEY is set: add the new key to it, before the others')
  assertHoldsData(config)
  const path = rootKeyPath(dataDir)
  const count = addRootKey(path)
  const [id = '', previous] = createKeyRing(readRootKeyFile(path)).ids
  openAuditLog(config)?.rootKey('root_key_added', { id, previous })
  process.stdout.write(`${path} contains ${count} root keys; restart the server to seal with the new one\n`)
  return 0
}
