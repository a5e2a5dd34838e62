import type { SafeHtml } from '@remix-run/html-template'

/** The content of a page, without the shared header and footer. */
export interface Page {
  readonly title: string
  readonly main: SafeHtml
  /** The path of the page, below the base path, for the language menu; undefined for a page shown only once. */
  readonly path: string | undefined
  /** Hidden on pages for recipients, who have no use for the sender's pages. */
  readonly navigation?: 'hidden'
}
