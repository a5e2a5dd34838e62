import { readFileSync } from 'node:fs'
import type { Age, Answer, Call } from '../specification.ts'

const CALLS: Readonly<Record<Call, true>> = {
  create: true,
  reveal: true,
  burn: true,
  attempt: true,
  peek: true,
  view: true,
}
const ANSWERS: Readonly<Record<Answer, true>> = {
  created: true,
  value: true,
  burned: true,
  unknown: true,
  'incorrect passphrase': true,
  available: true,
  pending: true,
  revealed: true,
  expired: true,
  wrong: true,
  refused: true,
  unclear: true,
}

/** What a history is of: its first line. */
export interface HistoryHead {
  readonly format: 1
  readonly store: string
  readonly seed: number
  /** How many of two replicas had to confirm each write, where there are replicas. */
  readonly replicas: number
}

/** One request, as its client saw it: each other line. Times are milliseconds of one clock, which never jumps. */
export interface HistoryLine {
  /** The number of the secret. Neither keys nor contents are written down. */
  readonly secret: number
  readonly call: Call
  readonly answer: Answer
  readonly from: number
  /** When the client had the answer, or gave it up. */
  readonly to: number
  /**
   * How old the secret was in milliseconds: at least, by the clock of the server that was asked, and at most, by that of the
   * server which had been furthest ahead since it was created. The servers' clocks are moved, so they tell different ages.
   */
  readonly age?: readonly [youngest: number, oldest: number]
  /** Granted, in milliseconds; only of `create`. */
  readonly ttl?: number
  readonly server: number
  readonly fault: string
}

/** What clients saw of real servers. */
export interface History {
  readonly head: HistoryHead
  readonly lines: readonly HistoryLine[]
}

/** Says of a file why it is no history. */
export class NoHistory extends Error {}

/** Reads a history from a file of JSON lines. @throws NoHistory when it cannot be read, or is of another format. */
export function readHistory(file: string): History {
  const [first = '', ...rest] = textOf(file).split('\n')
  const head = parsed(first) as Partial<HistoryHead> | undefined
  if (head?.format !== 1) throw new NoHistory(`${file} is no history of format 1`)
  const lines = rest.flatMap((text, index) => {
    if (text === '') return []
    const line = parsed(text)
    if (!isLine(line)) throw new NoHistory(`${file} is no history: see line ${index + 2}`)
    return [line]
  })
  return { head: head as HistoryHead, lines }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new NoHistory(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isLine(value: unknown): value is HistoryLine {
  const line = (value ?? {}) as Partial<Record<keyof HistoryLine, unknown>>
  const { secret, call, answer, from, to, age = [0, 0], ttl = 0 } = line
  const areNumbers = [from, to, ttl].every((number) => typeof number === 'number')
  const isAge = Array.isArray(age) && age.length === 2 && age.every((bound) => typeof bound === 'number')
  return Number.isInteger(secret) && areNumbers && isAge && isKeyOf(CALLS, call) && isKeyOf(ANSWERS, answer)
}

function isKeyOf(table: object, name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(table, name)
}

/** Returns what was seen of each secret. No request is about two of them, so each can be judged by itself. */
export function bySecret(lines: readonly HistoryLine[]): ReadonlyMap<number, readonly HistoryLine[]> {
  const secrets = new Map<number, HistoryLine[]>()
  for (const line of lines) {
    const known = secrets.get(line.secret)
    if (known === undefined) secrets.set(line.secret, [line])
    else known.push(line)
  }
  return secrets
}

/** Returns the ttl of a secret in milliseconds; infinite when its creation was not answered. */
export function ttlOf(lines: readonly HistoryLine[]): number {
  return lines.find(({ ttl }) => ttl !== undefined)?.ttl ?? Number.POSITIVE_INFINITY
}

/**
 * Returns the ages at which a request may have been answered, by the clocks. One without an answer may have been older, but what
 * has expired it cannot have changed.
 */
export function agesOf({ age = [0, 0] }: HistoryLine, ttl: number): Age[] {
  const [youngest, oldest] = age
  return [
    ...(youngest < ttl ? (['unexpired'] as const) : []),
    ...(youngest < 2 * ttl && oldest >= ttl ? (['expired'] as const) : []),
    ...(oldest >= 2 * ttl ? (['forgotten'] as const) : []),
  ]
}
