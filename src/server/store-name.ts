import type { Config } from '../config/load.ts'
import { holdsData } from '../store/lmdb/folder.ts'

/**
 * Returns what the log calls the store. A new embedded store is called new, before it is opened: where there should be data, its
 * volume is missing.
 */
export function nameStore({ redisUrl, dataDir }: Pick<Config, 'redisUrl' | 'dataDir'>): string {
  if (redisUrl !== undefined) return 'Redis'
  return `${holdsData(dataDir) ? 'the' : 'a new'} embedded store in ${dataDir}`
}
