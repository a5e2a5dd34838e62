import type { Account } from '../../../src/accounts/authenticate.ts'
import { accountIds, type Token } from '../../../src/accounts/tokens.ts'
import { createKeyRing } from '../../../src/crypto/key-ring.ts'
import type { Argon2Parameters, PassphraseHasher, Stretched } from '../../../src/crypto/passphrase.ts'
import { UNLIMITED } from '../../../src/limits/admission.ts'
import type { Actor } from '../../../src/secrets/actor.ts'
import type { SecretsContext } from '../../../src/secrets/context.ts'
import type { KeyPair } from '../../../src/secrets/keys.ts'
import { storeNewSecret } from '../../../src/secrets/new-secret.ts'
import type { StoredPair } from '../../../src/secrets/records.ts'
import { createTurns } from '../../../src/secrets/turns.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { Memory, openMemoryStore } from '../../contract/memory.ts'
import { later } from '../../support/time.ts'

/** When every interleaving begins: long past, so that code that reads another clock fails. */
export const START = milliseconds(Date.UTC(2026, 0, 15, 12))
export const TTL = seconds(600)
/** When the secret expires. */
export const EXPIRY = later(START, TTL * 1000)
export const VALUE = 'the cake is in the oven'
export const PASSPHRASE = 'tulip'
export const ACTOR: Actor = { way: 'v1', requestId: 'a-request', account: undefined }
/** The same in each process, so that all interleavings of all processes are the same. */
export const RING = createKeyRing([Buffer.alloc(32, 7)])

const EMAIL = 'sender@example.org'
/** The account of the sender. */
export const SENDER: Account = { email: EMAIL, token: '0123456789' as Token, ids: accountIds(RING, EMAIL) }

const SALT = Buffer.alloc(16, 5)

/** Stretches passphrases at once and at no cost: what they cost is no matter of order. */
export function stretchFast(
  passphrase: string,
  parameters: Argon2Parameters = { memory: 8, time: 1, salt: SALT },
): Stretched {
  const output = Buffer.alloc(32)
  output.write(passphrase)
  return { parameters, output }
}

/** A hasher that makes nobody wait. */
export const FAST_HASHER: PassphraseHasher = {
  waiting: 0,
  assertCapacity: () => undefined,
  stretch: async (passphrase, _, parameters) => stretchFast(passphrase, parameters),
  run: (_, work) => work(),
}

/** Stands in for the passphrases of other servers, which no secret here has. */
export const NOTHING_IMPORTED: SecretsContext['openImported'] = async () => undefined

/** A secret that was created and acknowledged before anything else. */
export interface Sample {
  readonly keys: KeyPair
  readonly pair: StoredPair
}

/** A secret without passphrase, and one with. */
export type Samples = Readonly<Record<'plain' | 'protected', Sample>>

/** Creates the samples. */
export async function createSamples(): Promise<Samples> {
  return { plain: await createSample(''), protected: await createSample(PASSPHRASE) }
}

async function createSample(passphrase: string): Promise<Sample> {
  const store = openMemoryStore(new Memory())
  const context: SecretsContext = {
    store: store.secrets,
    imports: store.imports,
    ring: RING,
    hasher: FAST_HASHER,
    openImported: NOTHING_IMPORTED,
    turns: createTurns(),
    now: () => START,
  }
  const { receiptKey, secretKey } = await storeNewSecret(context, {
    value: VALUE,
    origin: 'given',
    custid: EMAIL,
    passphrase,
    network: '192.0.2.9',
    ttl: TTL,
    maxBytes: 100,
    admission: UNLIMITED,
    actor: ACTOR,
  })
  for await (const pair of store.secrets.all()) return { keys: { receiptKey, secretKey }, pair }
  throw new Error('the sample was not stored')
}
