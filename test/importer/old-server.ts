import { copyFile, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { newFolder, PASSWORD, type RedisServer, startServer } from '../support/redis.ts'
import { freePort } from '../support/redis-process.ts'

const RECORDS = fileURLToPath(new URL('records/', import.meta.url))

/** A version of Onetime Secret whose records are kept beside the tests. */
export type OldVersion = '0.20' | '0.26'

/** What the records of an old server are. The file beside them says more. */
export interface KnownRecords {
  readonly site_secret: string
  /** API tokens by email address, in 0.20. */
  readonly tokens?: Readonly<Record<string, string>>
  readonly accounts?: readonly {
    readonly email: string
    readonly extid: string
    readonly api_token: string
  }[]
  readonly records: readonly KnownRecord[]
}

/** One secret of an old server, with its receipt. */
export interface KnownRecord {
  readonly metadata_key?: string
  readonly receipt_identifier?: string
  readonly secret_key?: string
  readonly secret_identifier?: string
  readonly passphrase?: string | null
  /** Null when it is gone. */
  readonly plaintext: string | null
  readonly note: string
}

/** Starts a Redis with the records of an old server; without a version, an empty one. */
export async function startOldRedis(version?: OldVersion): Promise<RedisServer> {
  const [folder, port] = [await newFolder(), await freePort()]
  if (version !== undefined) await copyFile(`${RECORDS}ots-${version}.rdb`, `${folder}/old.rdb`)
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    dbfilename: 'old.rdb',
    save: '',
    requirepass: PASSWORD,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  return startServer(args, folder, port)
}

/** Reads what the records of an old server are. */
export async function knownRecords(version: OldVersion): Promise<KnownRecords> {
  return JSON.parse(await readFile(`${RECORDS}ots-${version}.json`, 'utf8'))
}
