import { UNLIMITED } from '../../../src/limits/admission.ts'
import type { SecretsContext } from '../../../src/secrets/context.ts'
import type { KeyPair } from '../../../src/secrets/keys.ts'
import { viewReceipt } from '../../../src/secrets/receipt.ts'
import type { State } from '../../../src/secrets/records.ts'
import { reveal } from '../../../src/secrets/reveal.ts'
import { createTurns } from '../../../src/secrets/turns.ts'
import { errorAnswer, receiptAnswer } from './answers.ts'
import { ACTOR, FAST_HASHER, NOTHING_IMPORTED, PASSPHRASE, RING, VALUE } from './sample.ts'
import type { World } from './world.ts'

const TURNS = createTurns()
const OBSERVER = -1
const LAST_READER = -2

/** Judges an interleaving when no client can go on: an observer views the receipt, and one more reader comes. */
export async function judgeEnding(world: World): Promise<void> {
  const { clients, keys, watch, now } = world
  if (clients.some(({ phase }) => phase === 'started')) watch.broken.add('ends')
  // Nobody has the links of a secret that was not acknowledged.
  if (keys === undefined) return
  const context: SecretsContext = {
    store: world.store.secrets,
    imports: world.store.imports,
    ring: RING,
    hasher: FAST_HASHER,
    openImported: NOTHING_IMPORTED,
    turns: TURNS,
    now: () => now,
  }
  await judgeReceipt(world, context, keys)
  await judgeLastReader(world, context, keys)
  if (watch.explanations.isImpossible) watch.broken.add('explained')
}

async function judgeReceipt(
  { watch, isExpired }: World,
  context: SecretsContext,
  { receiptKey }: KeyPair,
): Promise<void> {
  const pending: State = watch.wasViewed ? 'viewed' : 'new'
  const expected = watch.claimedAs ?? (isExpired ? 'expired' : pending)
  watch.explanations.begin(OBSERVER, 'view')
  const receipt = await viewReceipt(context, receiptKey, 'observer', ACTOR)
  watch.explanations.end(OBSERVER, receiptAnswer(receipt))
  if (receipt.state !== expected) watch.broken.add('receipt')
}

async function judgeLastReader(
  { watch, isExpired, scenario }: World,
  context: SecretsContext,
  { secretKey }: KeyPair,
): Promise<void> {
  const passphrase = scenario.secret === 'protected' ? PASSPHRASE : ''
  const reader = {
    secretKey,
    passphrase,
    network: '198.51.100.1',
    connected: () => true,
    admission: UNLIMITED,
  }
  watch.explanations.begin(LAST_READER, 'reveal')
  const answer = await reveal(context, { ...reader, actor: ACTOR }).then(
    ({ value }) => (value === VALUE ? 'value' : 'wrong'),
    errorAnswer,
  )
  watch.explanations.end(LAST_READER, answer)
  const isOver = watch.claimedAs !== undefined || watch.winners > 0
  if (isOver && answer !== 'unknown') watch.broken.add('final')
  if (!isOver && !isExpired && answer !== 'value') watch.broken.add('claimable')
}
