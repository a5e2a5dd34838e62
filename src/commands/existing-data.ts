import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Config } from '../config/load.ts'
import { rootKeyPath } from '../server/backend.ts'
import { explainFolderError } from '../server/data-folder-error.ts'
import { assertNothingLost, holdsData } from '../store/lmdb/folder.ts'
import { CommandError } from './errors.ts'

/**
 * Rejects an embedded store without data, for commands that would otherwise answer from a new, empty one. Creates nothing.
 *
 * @throws CommandError when the data folder holds no data; an Error that explains what is wrong with the folder.
 */
export function assertHoldsData({ redisUrl, dataDir }: Pick<Config, 'redisUrl' | 'dataDir'>): void {
  if (redisUrl !== undefined || holdsData(dataDir)) return
  assertReadable(dataDir)
  assertNothingLost(dataDir, { hasKeys: existsSync(rootKeyPath(dataDir)) })
  throw new CommandError(`DATA_DIR: no data in ${resolve(dataDir)}`)
}

// Data in a folder that must not be searched would look missing.
function assertReadable(dataDir: string): void {
  try {
    readdirSync(dataDir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw explainFolderError(error, dataDir)
  }
}
