import { readConfig } from '../config/environment.ts'
import { addRootKey } from '../crypto/root-key-file.ts'
import { rootKeyPath } from '../server/backend.ts'

/**
 * Puts a fresh root key before those of the embedded store. It seals from the next start of the server on; the others
 * still open.
 * @param args `rotate`.
 * @returns The exit status: 0 when done, 1 when the root keys are not in a file of ours, 2 for a wrong call.
 * @throws ConfigError, or an Error that says what is wrong with the file.
 */
export async function rootkey(args: readonly string[]): Promise<number> {
  if (args.length !== 1 || args[0] !== 'rotate') {
    process.stderr.write('usage: emberlink rootkey rotate\n')
    return 2
  }
  const { rootKeys, dataDir } = readConfig()
  if (rootKeys !== undefined) {
    process.stderr.write('emberlink: ROOT_KEY is set: put a new key before the others there\n')
    return 1
  }
  const path = rootKeyPath(dataDir)
  const count = addRootKey(path)
  process.stdout.write(`${path} holds ${count} root keys; restart the server to seal with the new one\n`)
  return 0
}
