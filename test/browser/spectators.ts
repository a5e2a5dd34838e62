import { TAKES_PICTURES } from './pictures.ts'
import type { Spectator } from './stage.ts'

const WIDE = { width: 1280, height: 800 }

/** The narrowest window that everything must fit in (WCAG 2.2, 1.4.10). */
export const NARROW = { width: 320, height: 640 }

/** A spectator of the stories, who reads the pages in one language. */
export interface Reader extends Spectator {
  readonly locale: string
}

const ENGLISH: Reader = { name: 'en-light-1280', locale: 'en', viewport: WIDE, colorScheme: 'light' }

const OTHERS: readonly Reader[] = [
  { name: 'it-dark-320', locale: 'it', viewport: NARROW, colorScheme: 'dark' },
  { name: 'ar-dark-1280', locale: 'ar', viewport: WIDE, colorScheme: 'dark' },
  {
    name: 'ar-light-320-plain',
    locale: 'ar',
    viewport: NARROW,
    colorScheme: 'light',
    javaScriptEnabled: false,
  },
  { name: 'en-dark-1280-plain', locale: 'en', viewport: WIDE, colorScheme: 'dark', javaScriptEnabled: false },
]

/**
 * Who walks through each story: with and without script, left to right and right to left, wide and narrow, light and dark.
 * For pictures one is enough, because each state is pictured both light and dark, and wide and narrow.
 */
export const READERS: readonly Reader[] = TAKES_PICTURES ? [ENGLISH] : [ENGLISH, ...OTHERS]
