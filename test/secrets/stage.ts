import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AccountsContext } from '../../src/accounts/context.ts'
import { createKeyRing } from '../../src/crypto/key-ring.ts'
import { createPassphraseHasher } from '../../src/crypto/passphrase.ts'
import type { Claimant } from '../../src/secrets/claim.ts'
import type { SecretsContext } from '../../src/secrets/context.ts'
import type { NewSecret } from '../../src/secrets/new-secret.ts'
import { openLmdbStore } from '../../src/store/lmdb/open.ts'
import type { Store } from '../../src/store/store.ts'

/** Unix milliseconds at which every stage begins: long past, so that a use case that asks another clock is found out. */
export const START = Date.UTC(2026, 0, 15, 12)
export const SECOND = 1000
export const MINUTE = 60 * SECOND

export const ROOT = randomBytes(32)
export const NEWER_ROOT = randomBytes(32)

/** The use cases on a real embedded store, with a clock that the test turns and a count of what was hashed. */
export interface Stage {
  readonly store: Store
  readonly folder: string
  /** Unix milliseconds. */
  readonly clock: { now: number }
  /** Passphrases that were hashed so far. */
  readonly hashed: { count: number }
  /** @param roots Root keys, newest first; `ROOT` if left out. */
  secrets(...roots: Buffer[]): SecretsContext
  /** @param roots Root keys, newest first; `ROOT` if left out. */
  accounts(...roots: Buffer[]): AccountsContext
  close(): Promise<void>
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-stage-'))
  const clock = { now: START }
  const store = await openLmdbStore(folder, { clock: () => clock.now })
  const hashed = { count: 0 }
  const real = createPassphraseHasher({ memory: 8, time: 1 }, 2, 100)
  const hasher: SecretsContext['hasher'] = {
    ...real,
    stretch(...given) {
      hashed.count += 1
      return real.stretch(...given)
    },
  }
  const now = () => clock.now
  const ringOf = (roots: Buffer[]) => createKeyRing(roots.length === 0 ? [ROOT] : roots)
  return {
    store,
    folder,
    clock,
    hashed,
    secrets: (...roots) => ({ store: store.secrets, ring: ringOf(roots), hasher, now }),
    accounts: (...roots) => ({ store: store.accounts, ring: ringOf(roots), configured: new Map(), now }),
    async close() {
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** @returns A secret to share, changed as the test wants it. */
export function newSecret(changes: Partial<NewSecret> = {}): NewSecret {
  const plain = { value: 'the cake is in the oven', passphrase: '', ttl: 3600 }
  return { ...plain, maxBytes: 10_000, origin: 'given', ...changes }
}

/** @returns Somebody with the link, changed as the test wants it. */
export function withLink(secretKey: string | undefined, changes: Partial<Claimant> = {}): Claimant {
  const { passphrase = '', address = '192.0.2.1', connected = () => true } = changes
  return { secretKey: secretKey ?? '', passphrase, address, connected }
}

/** @returns What an expected failure looks like. */
export function failure(code: string, detail: object = {}) {
  return expect.objectContaining({ name: 'DomainError', code, detail: expect.objectContaining(detail) })
}
