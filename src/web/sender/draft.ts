import { html, type SafeHtml } from '@remix-run/html-template'
import type { Params } from '../../http/params.ts'
import { OPENED_FOR_FIELD } from './opened-for.ts'

/** What a sender typed into the form, as fields to carry through another page. */
export type Draft = readonly (readonly [name: string, value: string])[]

const FIELDS = [
  OPENED_FOR_FIELD,
  'secret',
  'passphrase',
  'ttl',
  'recipient',
  'share_domain',
  'tell_sender',
  'password_length',
  'password_characters',
]

/** Returns what a form carries of a secret that is being written; undefined if it carries none. */
export function draftOf(params: Params): Draft | undefined {
  if (params.text(OPENED_FOR_FIELD) === undefined) return undefined
  return FIELDS.flatMap((name) => params.list(name).map((value) => [name, value] as const))
}

/** Renders a draft as hidden fields. Only the page has it: pages are never stored. */
export function draftFields(draft: Draft): SafeHtml {
  return html`${draft.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`
}
