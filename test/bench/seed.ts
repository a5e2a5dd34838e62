import { randomBytes } from 'node:crypto'
import { parseRecordId } from '../../src/secrets/keys.ts'
import { milliseconds, seconds } from '../../src/time.ts'
import { built } from './built.ts'

const AT_ONCE = 500
const TTL = seconds(3600)
// The envelope of 100 bytes.
const SEALED_BYTES = 122
const ID_LENGTH = 25

/**
 * Fills a store with secrets as a server writes them, except that they cannot be opened.
 *
 * @param settings Those of the server.
 * @param options `expireAt`: when all of them expire, Unix milliseconds.
 */
export async function seed(
  settings: Readonly<Record<string, string>>,
  { count, expireAt = Date.now() + TTL * 1000 }: { readonly count: number; readonly expireAt?: number },
): Promise<void> {
  const { openStore } = await built<typeof import('../../src/store/open.ts')>('store/open.js')
  const { createKeyRing } = await built<typeof import('../../src/crypto/key-ring.ts')>('crypto/key-ring.js')
  const store = await openStore({ redisUrl: settings['REDIS_URL'], dataDir: settings['DATA_DIR'] ?? '' })
  const root = createKeyRing([Buffer.from(settings['ROOT_KEY'] ?? '', 'hex')]).current.id
  const created = milliseconds(expireAt - TTL * 1000)
  const receipt = {
    state: 'new',
    created,
    updated: created,
    ttl: TTL,
    protected: false,
    origin: 'given',
  } as const
  try {
    for (let done = 0; done < count; done += AT_ONCE) {
      const now = milliseconds(Date.now())
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, count - done) }, () => {
          const secret = { sealed: randomBytes(SEALED_BYTES), protected: false, root }
          return store.secrets.create({ id: randomId(), receipt, secret }, now)
        }),
      )
    }
  } finally {
    await store.close()
  }
}

function randomId() {
  const id = parseRecordId(randomBytes(ID_LENGTH).toString('hex').slice(0, ID_LENGTH))
  if (id === undefined) throw new Error('record ids have another form now')
  return id
}
