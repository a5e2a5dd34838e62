import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AccountsContext } from '../../src/accounts/context.ts'
import { createNameIndex } from '../../src/accounts/name-index.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import type { ErrorCode } from '../../src/errors.ts'
import { createOpenImported } from '../../src/importer/onetime-secret/open-imported.ts'
import { UNLIMITED } from '../../src/limits/admission.ts'
import type { Actor } from '../../src/secrets/actor.ts'
import type { Burner } from '../../src/secrets/burn.ts'
import type { Claimant } from '../../src/secrets/claimant.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import type { ReceiptKey, SecretKey } from '../../src/secrets/keys.ts'
import type { NewSecret } from '../../src/secrets/new-secret.ts'
import { createTurns } from '../../src/secrets/turns.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import type { Store } from '../../src/store/store.ts'
import { type Milliseconds, milliseconds, seconds } from '../../src/time.ts'
import { later } from '../support/time.ts'

/** When every stage begins: long past, so that a use case that reads another clock fails. */
export const START = milliseconds(Date.UTC(2026, 0, 15, 12))
export const SECOND = 1000
export const MINUTE = 60 * SECOND

/** An anonymous caller of v1. */
export const ANYBODY: Actor = { way: 'v1', requestId: 'a-request', account: undefined }

export const ROOT = randomBytes(32)
export const NEWER_ROOT = randomBytes(32)

/** The site secret of the server that imported secrets come from. */
export const SITE_SECRET = 'old-site-secret-0123456789'

/** The use cases on a real embedded store, with a clock that the test turns and a count of what was hashed. */
export interface Stage {
  readonly store: Store
  readonly folder: string
  readonly clock: { now: Milliseconds }
  /** Passphrases that were hashed so far. */
  readonly hashed: { count: number }
  /** Moves the clock on by a number of milliseconds. */
  advance(span: number): void
  /** Returns what secrets work with. @param roots Root keys, newest first; `ROOT` by default. */
  secrets(...roots: Buffer[]): SecretsContext
  /** Returns what accounts work with. @param roots Root keys, newest first; `ROOT` by default. */
  accounts(...roots: Buffer[]): AccountsContext
  close(): Promise<void>
}

/** Opens a stage on an empty store. */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-stage-'))
  const clock = { now: START }
  const now = () => clock.now
  const store = await openLmdbStore(folder, { clock: now })
  const hashed = { count: 0 }
  const real = createPassphraseHasher({ memory: 8, time: 1 }, 2, 100)
  const turns = createTurns()
  const hasher: SecretsContext['hasher'] = {
    ...real,
    stretch(...given) {
      hashed.count += 1
      return real.stretch(...given)
    },
  }
  const ringOf = (roots: Buffer[]) => createKeyRing(roots.length === 0 ? [ROOT] : roots)
  return {
    store,
    folder,
    clock,
    hashed,
    advance(span) {
      clock.now = later(clock.now, span)
    },
    secrets: (...roots) => ({
      store: store.secrets,
      imports: store.imports,
      ring: ringOf(roots),
      hasher,
      openImported: createOpenImported(hasher, ['a newer one', SITE_SECRET]),
      turns,
      now,
    }),
    accounts(...roots) {
      const sources = { store: store.accounts, ring: ringOf(roots) }
      return { ...sources, configured: new Map(), names: createNameIndex(sources), now }
    },
    async close() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Returns a secret to store, changed as the test wants it. */
export function newSecret(changes: Partial<NewSecret> = {}): NewSecret {
  const plain = { value: 'the cake is in the oven', passphrase: '', network: '192.0.2.9', ttl: seconds(3600) }
  return { ...plain, maxBytes: 10_000, origin: 'given', admission: UNLIMITED, actor: ANYBODY, ...changes }
}

/** Returns a caller with the secret link, changed as the test wants it. */
export function withLink(secretKey: SecretKey | undefined, changes: Partial<Claimant> = {}): Claimant {
  if (secretKey === undefined) throw new Error('the receipt names no secret key')
  return { secretKey, ...client(changes) }
}

/** Returns a caller who burns by the receipt link, changed as the test wants it. */
export function withReceipt(receiptKey: ReceiptKey, changes: Partial<Claimant> = {}): Burner {
  return { receiptKey, ...client(changes) }
}

function client(changes: Partial<Claimant>) {
  const { passphrase = '', network = '192.0.2.1', connected = () => true } = changes
  const { admission = UNLIMITED, actor = ANYBODY } = changes
  return { passphrase, network, connected, admission, actor }
}

/** Returns what an expected failure looks like. */
export function failure(code: ErrorCode, detail: object = {}) {
  return expect.objectContaining({ name: 'DomainError', code, detail: expect.objectContaining(detail) })
}
