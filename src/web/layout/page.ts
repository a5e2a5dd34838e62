import type { SafeHtml } from '@remix-run/html-template'
import type { KeptForm } from './draft.ts'

/** The content of a page, without the shared header and footer. */
export interface Page {
  readonly title: string
  readonly main: SafeHtml
  /** The path of the page, below the base path, for the language menu; undefined for a page shown only once. */
  readonly path: string | undefined
  /** The form of the page, if it may hold text that must not be lost. */
  readonly kept?: KeptForm | undefined
  /** Hidden on pages for recipients, who have no use for the sender's pages. */
  readonly navigation?: 'hidden'
  /** What chat and mail programs show of the link: for a secret link, the same whatever became of the secret. */
  readonly preview?: 'secret'
}
