import { randomBytes } from 'node:crypto'
import type { Account } from './account.ts'
import { basic, Caller } from './caller.ts'
import type { Answer } from './client.ts'
import { compare, type Difference, type Expected, type Findings } from './expect/matcher.ts'
import { Abandoned } from './interruptions.ts'
import { type Racing, race } from './race.ts'
import type { Redactor } from './redactor.ts'
import type { Request } from './transport.ts'

/** What a response should be, as far as a check says. */
export interface ExpectedAnswer {
  readonly status?: Expected
  /** By name in lower case. */
  readonly headers?: Readonly<Record<string, Expected>>
  readonly body?: Expected
}

/** What a run gives to each of its checks. */
export interface RunContext extends Racing {
  readonly redactor: Redactor
  readonly account: Account | undefined
  /** Whether secrets can be created without an account. */
  readonly anonymousCreates: boolean
}

/** Where one check asks and compares. */
export class Stage {
  /** Sends no credentials. */
  readonly anonymous: Caller
  /** Creates secrets: anonymously where the server lets it. */
  readonly sender: Caller
  readonly #context: RunContext
  readonly #findings: Findings

  /** Sets it for a check. */
  constructor(context: RunContext) {
    const { client, redactor, account, anonymousCreates } = context
    this.#context = context
    this.#findings = { differences: [], notes: [], show: (value) => redactor.value(value) }
    this.anonymous = new Caller(client)
    this.sender =
      anonymousCreates || account === undefined
        ? this.anonymous
        : this.as(basic(account.email, account.token))
  }

  /** The account of this run. Only for checks that need it. */
  get account(): Account {
    const { account } = this.#context
    if (account === undefined) throw new TypeError('this check does not say that it needs an account')
    return account
  }

  /** The caller with the account's credentials. Only for checks that need it. */
  get owner(): Caller {
    return this.as(basic(this.account.email, this.account.token))
  }

  /** What was recorded. */
  get findings(): Findings {
    return this.#findings
  }

  /** Returns a caller that always sends these headers. */
  as(headers: Readonly<Record<string, string>>): Caller {
    return new Caller(this.#context.client, headers)
  }

  /** Compares a response with what is expected, and records the differences. */
  expect(answer: Answer, { status, headers = {}, body }: ExpectedAnswer): void {
    const { label } = answer
    if (status !== undefined) compare(status, answer.status, `${label}: status`, this.#findings)
    for (const [name, value] of Object.entries(headers)) {
      compare(value, answer.headers[name], `${label}: header ${name}`, this.#findings)
    }
    if (body !== undefined) {
      compare(body, answer.body ?? (answer.text || undefined), `${label}: body`, this.#findings)
    }
  }

  /**
   * Records a difference unless a claim holds.
   *
   * @param at The request, or what else it is about.
   * @param expected The claim.
   */
  claim(at: string, expected: string, holds: boolean): void {
    if (!holds) this.differ({ at, expected, came: 'the opposite' })
  }

  /**
   * The same as `expect`, for what the rest of a check depends on.
   *
   * @throws Abandoned when there is a difference.
   */
  require(answer: Answer, expected: ExpectedAnswer): void {
    const before = this.#findings.differences.length
    this.expect(answer, expected)
    if (this.#findings.differences.length > before) throw new Abandoned()
  }

  /** Records a difference. */
  differ(difference: Difference): void {
    this.#findings.differences.push(difference)
  }

  /** Sends requests at once, each on a connection of its own. */
  race(requests: readonly Request[]): Promise<Answer[]> {
    return race(this.#context, requests)
  }

  /** Returns a secret that no other has, and which is never printed. */
  secret(words = 'conformance'): string {
    return this.hide(`${words} ${randomBytes(12).toString('hex')}`)
  }

  /** Never prints a text from now on, and returns it. */
  hide(text: string): string {
    this.#context.redactor.hide(text)
    return text
  }
}
