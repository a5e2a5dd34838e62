import type { SafeHtml } from '@remix-run/html-template'

/** A page without the header and the footer that all pages share. */
export interface Page {
  readonly title: string
  readonly main: SafeHtml
  /** Where GET leads to the page, below the base path, for the language menu; undefined for a page shown only once. */
  readonly path: string | undefined
  /** Hidden on the pages that recipients see: the sender's pages don't concern them. */
  readonly navigation?: 'hidden'
}
