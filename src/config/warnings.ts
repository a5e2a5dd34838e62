import { GOOD_TOKEN_LENGTH } from '../accounts/token-strength.ts'
import { isLoopback } from '../host.ts'
import type { ConfiguredAccount } from './credentials.ts'
import { defaultPublicUrl } from './network.ts'

/** The settings that warnings are about. */
interface WarnedAbout {
  readonly accounts: readonly ConfiguredAccount[] | undefined
  readonly bind: string
  readonly port: number
  readonly publicUrl: string | undefined
}

/** Returns one line for each setting that is valid but probably not meant so. None contains a secret. */
export function warningsOf({ accounts = [], bind, port, publicUrl }: WarnedAbout): string[] {
  const warnings: string[] = []
  if (publicUrl === undefined && !isLoopback(bind)) {
    const links = port === 0 ? 'the address it listens at' : defaultPublicUrl(bind, port)
    warnings.push(`PUBLIC_URL is not set, although BIND is ${bind}: all links will begin with ${links}`)
  }
  const short = accounts.flatMap(({ token }, index) =>
    token.length < GOOD_TOKEN_LENGTH ? [String(index + 1)] : [],
  )
  if (short.length > 0) {
    warnings.push(
      `ACCOUNTS: the token is shorter than ${GOOD_TOKEN_LENGTH} characters in entry ${short.join(', ')}; \`openssl rand -hex 20\` generates a good one`,
    )
  }
  return warnings
}
