import type { Admission } from '../limits/admission.ts'
import type { Actor } from './actor.ts'
import type { SecretKey } from './keys.ts'

/** A caller trying to reveal or burn a secret. */
export interface Claimant {
  readonly secretKey: SecretKey
  /** Empty for none. */
  readonly passphrase: string
  /** The client network, for which passphrase attempts are counted. */
  readonly network: string
  /** Tells whether the client is still connected; called right before each claim. */
  readonly connected: () => boolean
  /** The rate limit, counted in the first step of the claim. */
  readonly admission: Admission
  readonly actor: Actor
}
