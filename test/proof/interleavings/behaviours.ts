import { FALLBACK_LOCALE } from '../../../src/i18n/catalog.ts'
import type { Admission } from '../../../src/limits/admission.ts'
import { burn, checkBurner } from '../../../src/secrets/burn.ts'
import { claimSecret } from '../../../src/secrets/claim.ts'
import type { SecretsContext } from '../../../src/secrets/context.ts'
import { editMemo } from '../../../src/secrets/edit-memo.ts'
import { clearFailedAttempts } from '../../../src/secrets/failed-attempts.ts'
import type { KeyPair } from '../../../src/secrets/keys.ts'
import { listReceipts } from '../../../src/secrets/list-receipts.ts'
import { peekSecret } from '../../../src/secrets/peek.ts'
import { viewReceipt } from '../../../src/secrets/receipt.ts'
import { reveal } from '../../../src/secrets/reveal.ts'
import type { SharingContext } from '../../../src/sharing/context.ts'
import { createSecret } from '../../../src/sharing/create-secret.ts'
import type { Answer, Call } from '../specification.ts'
import { receiptAnswer } from './answers.ts'
import { ACTOR, PASSPHRASE, SENDER, TTL, VALUE } from './sample.ts'

/** What a client works with, on its own server. */
export interface Hand {
  readonly secrets: SecretsContext
  readonly sharing: SharingContext
  readonly admission: Admission
  readonly network: string
  readonly isProtected: boolean
  /** The keys of the links, once somebody has them. */
  readonly keys: KeyPair
  connected(): boolean
  /** Publishes the links of a secret that was just created. */
  publish(keys: KeyPair): void
}

/** What one kind of client does. */
interface Behaviour {
  /** What it is in the specification; undefined where that knows nothing of it. */
  readonly call: Call | undefined
  /** Whether it tries to claim the secret, so that its server looks whether it is still connected. */
  readonly claims?: true
  run(hand: Hand): Promise<Answer>
}

/** Each kind of client, by what it does with the real use cases. */
const BEHAVIOURS = {
  reader: {
    call: 'reveal',
    claims: true,
    async run(hand) {
      const { value } = await reveal(hand.secrets, claimant(hand, PASSPHRASE))
      return value === VALUE ? 'value' : 'wrong'
    },
  },
  burner: {
    call: 'burn',
    claims: true,
    async run(hand) {
      const { receipt } = await burn(hand.secrets, burner(hand, PASSPHRASE))
      return receipt.state === 'burned' ? 'burned' : 'wrong'
    },
  },
  guesser: {
    call: 'attempt',
    claims: true,
    async run(hand) {
      const { kind } = await claimSecret(hand.secrets, claimant(hand, 'rose'), 'received')
      if (kind === 'won') return 'value'
      return kind === 'gone' ? 'unknown' : 'incorrect passphrase'
    },
  },
  'guessing burner': {
    call: 'attempt',
    claims: true,
    run: (hand) => burn(hand.secrets, burner(hand, 'rose')).then(() => 'burned' as const),
  },
  viewer: {
    call: 'view',
    run: async ({ secrets, keys }) =>
      receiptAnswer(await viewReceipt(secrets, keys.receiptKey, 'sender', ACTOR)),
  },
  peeker: {
    call: 'peek',
    run: async ({ secrets, keys }) =>
      (await peekSecret(secrets, keys.secretKey)) === undefined ? 'unknown' : 'available',
  },
  sender: {
    call: 'create',
    async run({ sharing, network, admission, isProtected, publish }) {
      const passphrase = isProtected ? PASSPHRASE : ''
      const caller = { account: SENDER, network, host: '', locale: FALLBACK_LOCALE, admission, actor: ACTOR }
      const wanted = { value: VALUE, origin: 'given', passphrase, ttl: String(TTL) } as const
      publish(await createSecret(sharing, caller, { ...wanted, recipients: [], shareDomain: undefined }))
      return 'created'
    },
  },
  lister: {
    call: 'view',
    async run({ secrets, keys }) {
      const [receipt] = await listReceipts(secrets, [keys.receiptKey], ACTOR)
      return receipt === undefined ? 'unknown' : receiptAnswer(receipt)
    },
  },
  annotator: {
    call: 'view',
    run: async ({ secrets, keys }) =>
      receiptAnswer(await editMemo(secrets, SENDER.email, keys.receiptKey, 'for the cook', ACTOR)),
  },
  checker: {
    call: 'peek',
    claims: true,
    run: (hand) => checkBurner(hand.secrets, burner(hand, PASSPHRASE)).then(() => 'available' as const),
  },
  clearer: {
    call: undefined,
    run: ({ secrets, keys, admission }) =>
      clearFailedAttempts(secrets, keys.receiptKey, { admission, actor: ACTOR }).then(
        () => 'available' as const,
      ),
  },
} satisfies Readonly<Record<string, Behaviour>>

/** A kind of client. */
export type ClientKind = keyof typeof BEHAVIOURS

/** Returns what a kind of client does. */
export function behaviourOf(kind: ClientKind): Behaviour {
  return BEHAVIOURS[kind]
}

/** Returns a caller with the secret link and a passphrase, if the secret has one. */
function claimant(hand: Hand, passphrase: string) {
  return { secretKey: hand.keys.secretKey, ...caller(hand, passphrase) }
}

/** Returns the same with the receipt link. */
function burner(hand: Hand, passphrase: string) {
  return { receiptKey: hand.keys.receiptKey, ...caller(hand, passphrase) }
}

function caller({ network, admission, connected, isProtected }: Hand, passphrase: string) {
  return { passphrase: isProtected ? passphrase : '', network, admission, connected, actor: ACTOR }
}
