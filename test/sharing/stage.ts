import type { Account } from '../../src/accounts/authenticate.ts'
import { canonicalHost, type Host } from '../../src/host.ts'
import { FALLBACK_LOCALE } from '../../src/i18n/catalog.ts'
import { UNLIMITED } from '../../src/limits/admission.ts'
import type { Caller } from '../../src/sharing/caller.ts'
import type { SharingContext } from '../../src/sharing/context.ts'
import type { SecretRequest } from '../../src/sharing/create-secret.ts'
import { seconds } from '../../src/time.ts'
import { newAccount } from '../accounts/new-account.ts'
import { ANYBODY, openStage, type Stage } from '../secrets/stage.ts'

const DAY = 86_400

/** A store, and an account that shares secrets in it. */
export interface SharingStage {
  readonly stage: Stage
  readonly account: Account
  /** Returns what the use cases depend on, changed as the test wants it. No SMTP server is configured. */
  sharing(changes?: Partial<SharingContext>, policy?: Partial<SharingContext['policy']>): SharingContext
  /** Returns the sender, signed in, changed as the test wants it. */
  caller(changes?: Partial<Caller>): Caller
  storedSecrets(): Promise<number>
}

/** Opens a store in memory, with the account of a sender. */
export async function openSharingStage(): Promise<SharingStage> {
  const stage = await openStage()
  const account = await newAccount(stage.accounts(), 'sender@example.org')
  return {
    stage,
    account,
    sharing: (changes = {}, policy = {}) => ({
      secrets: stage.secrets(),
      accounts: stage.accounts(),
      mailer: undefined,
      policy: {
        publicUrl: 'https://secrets.example.com/base',
        anonymousCreate: true,
        ttl: { default: seconds(3600), maxAnonymous: seconds(7 * DAY), maxAccount: seconds(30 * DAY) },
        secretMaxBytes: 10_000,
        secretMaxBytesAnonymous: 1000,
        domains: new Map([[canonicalHost('links.example.com') as Host, 'all']]),
        ...policy,
      },
      ...changes,
    }),
    caller: (changes = {}) => ({
      account,
      network: '192.0.2.1',
      host: 'secrets.example.com',
      locale: FALLBACK_LOCALE,
      admission: UNLIMITED,
      actor: ANYBODY,
      ...changes,
    }),
    async storedSecrets() {
      let count = 0
      for await (const _ of stage.store.secrets.all()) count += 1
      return count
    },
  }
}

/** Returns a request to create a secret, changed as the test wants it. */
export function request(changes: Partial<SecretRequest> = {}): SecretRequest {
  const nothing = { passphrase: '', ttl: undefined, recipients: [], shareDomain: undefined }
  return { value: 'the cake is in the oven', origin: 'given', ...nothing, ...changes }
}
