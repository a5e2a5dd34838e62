import { SHOWN_STATES, type ShownState } from '../layout/shown-state.ts'

/** What the reader of the list wants to see. */
export interface RecentQuery {
  /** From 1. */
  readonly page: number
  /** Undefined for every state. */
  readonly state: ShownState | undefined
  /** A text that the note contains; empty for every secret. */
  readonly search: string
}

/** Maximum length of a searched text, in code points. */
export const SEARCH_MAX_LENGTH = 200

const PAGE_FORM = /^[1-9]\d{0,5}$/

/**
 * Parses a query. An invalid parameter counts as missing.
 *
 * @param parameter Returns a parameter of a link or a form.
 */
export function parseRecentQuery(parameter: (name: string) => string | null | undefined): RecentQuery {
  const page = parameter('page') ?? ''
  const state = parameter('state')
  return {
    page: PAGE_FORM.test(page) ? Number(page) : 1,
    state: SHOWN_STATES.find((shown) => shown === state),
    search: searchedText(parameter('q') ?? ''),
  }
}

function searchedText(text: string): string {
  return Array.from(text.trim()).slice(0, SEARCH_MAX_LENGTH).join('').trimEnd()
}

/** Returns the parameters of a query, without those that have their defaults. */
export function parametersOf({ page, state, search }: RecentQuery): [name: string, value: string][] {
  return [
    ...(page === 1 ? [] : [['page', String(page)] as [string, string]]),
    ...(state === undefined ? [] : [['state', state] as [string, string]]),
    ...(search === '' ? [] : [['q', search] as [string, string]]),
  ]
}

/** Returns the path of the list, below the base path. */
export function recentPath(query: RecentQuery): string {
  const parameters = parametersOf(query)
  return parameters.length === 0 ? '/recent' : `/recent?${new URLSearchParams(parameters)}`
}
