import { type HistoryLine, ttlOf } from './history.ts'

/** A promise that the history of a secret breaks. */
export type Violation =
  | 'two have claimed it'
  | 'revealed after a burn was acknowledged'
  | 'unknown, although nobody can have claimed it'
  | 'unknown before it was claimed or seen'
  | 'available again after it was claimed'
  | 'its receipt is unknown, although it was created'
  | 'its receipt says revealed, although nobody tried to reveal it'
  | 'its receipt says burned, although nobody tried to burn it'
  | 'claimed after it had expired'
  | 'an answer that is always wrong'

/**
 * Looks for what must never happen to a secret, in the words of the promise. That finds less than `isLinearizable`, but with
 * neither specification nor search, so that a mistake in those does not go unnoticed.
 *
 * @param lines All that was seen of one secret.
 */
export function violationsIn(lines: readonly HistoryLine[]): Violation[] {
  const ttl = ttlOf(lines)
  const created = lines.find(({ answer }) => answer === 'created')
  const claims = lines.filter(({ call }) => call === 'reveal' || call === 'burn')
  const winners = claims.filter(({ answer }) => answer === 'value' || answer === 'burned')
  const burned = winners.find(({ answer }) => answer === 'burned')
  const mayHaveWon = claims.filter(
    ({ answer }) => answer === 'unclear' || winners.some((won) => won.answer === answer),
  )
  const sightings = lines.filter(({ answer }) =>
    ['available', 'pending', 'incorrect passphrase'].includes(answer),
  )
  const unknown = lines.filter(
    ({ answer, from }) => answer === 'unknown' && created !== undefined && created.to < from,
  )
  // That no clock can have shown as expired.
  const gone = unknown.filter(({ call, age }) => call !== 'view' && (age?.[1] ?? 0) < ttl)
  const denied = gone.filter((line) => claims.includes(line))
  const forgotten = unknown.filter(({ call, age }) => call === 'view' && (age?.[1] ?? 0) < 2 * ttl)
  // Of requests that may have been carried out, whatever they were answered.
  const isSeenBeforeAnyRequest = (state: 'revealed' | 'burned', call: 'reveal' | 'burn') =>
    lines.some(
      (view) =>
        view.call === 'view' &&
        view.answer === state &&
        !claims.some((claim) => claim.call === call && claim.answer !== 'refused' && claim.from <= view.to),
    )
  const broken: Readonly<Record<Violation, boolean>> = {
    'two have claimed it': winners.length > 1,
    'revealed after a burn was acknowledged':
      burned !== undefined && winners.some(({ answer, from }) => answer === 'value' && burned.to < from),
    'unknown, although nobody can have claimed it': gone.some(
      ({ to }) => !mayHaveWon.some(({ from }) => from <= to),
    ),
    'unknown before it was claimed or seen': denied.some(({ to }) =>
      [...winners, ...sightings].some(({ from }) => to < from),
    ),
    'available again after it was claimed': winners.some(({ to }) => sightings.some(({ from }) => to < from)),
    'its receipt is unknown, although it was created': forgotten.length > 0,
    'its receipt says revealed, although nobody tried to reveal it': isSeenBeforeAnyRequest(
      'revealed',
      'reveal',
    ),
    'its receipt says burned, although nobody tried to burn it': isSeenBeforeAnyRequest('burned', 'burn'),
    'claimed after it had expired': winners.some(({ age }) => (age?.[0] ?? 0) >= ttl),
    'an answer that is always wrong': lines.some(({ answer }) => answer === 'wrong'),
  }
  return (Object.keys(broken) as Violation[]).filter((violation) => broken[violation])
}
