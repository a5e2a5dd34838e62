import { html, type SafeHtml } from '@remix-run/html-template'
import type { View } from '../request-view.ts'

/** The path that shows a form again with what was typed into it, and changes nothing else. */
export const DRAFT_PATH = '/draft'

/** A form whose text the language menu and the sign-in link keep: on its page they are buttons that submit it. */
export interface KeptForm {
  /** The id of the form. */
  readonly id: string
  /** The step that leads to the same page; undefined for the page of the sender. */
  readonly step?: 'sign-in'
}

/** A button that leads on from a form without losing what was typed into it. */
interface DraftButton {
  /** What the form is shown for. */
  readonly step?: 'password' | 'sign-in' | 'anonymous' | undefined
  /** The language to show it in. */
  readonly language?: string
  /** The id of the form; undefined for a button inside it. */
  readonly form?: string
  readonly className: 'primary' | 'quiet' | 'link'
  /** Additional attributes. */
  readonly data?: SafeHtml
}

/** Renders a button that shows the form again, or signs in first, with all that was typed. */
export function draftButton(
  { base }: View,
  { step, language, form, className, data }: DraftButton,
  text: string,
): SafeHtml {
  const query = new URLSearchParams({ ...(step && { step }), ...(language && { language }) }).toString()
  return html`<button class="${className}" ${form ? html`form="${form}"` : ''} formaction="${base}${DRAFT_PATH}${query && `?${query}`}" formnovalidate ${data ?? ''}>${text}</button>`
}

/**
 * Renders the button that Enter in a field presses: the form's first one on the page (HTML, "implicit submission"), which would
 * otherwise be one that leads elsewhere.
 */
export function enterButton({ id }: KeptForm): SafeHtml {
  return html`<button form="${id}" class="visually-hidden" tabindex="-1" aria-hidden="true"></button>`
}
