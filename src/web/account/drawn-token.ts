import { html, type SafeHtml } from '@remix-run/html-template'
import type { DrawnToken } from '../../accounts/replace-token.ts'
import type { Params } from '../../http/params.ts'
import { seconds } from '../../time.ts'
import type { WebContext } from '../context.ts'
import { openText, sealText } from '../sealed-text.ts'

const NAME = 'drawn_token'
const DRAWN_TTL = seconds(900)

/** Renders the hidden field with a drawn token, sealed so that nobody can choose a weak one. */
export function drawnTokenField(web: WebContext, drawn: DrawnToken): SafeHtml {
  const value = sealText(web, { name: NAME, text: JSON.stringify(drawn), ttl: DRAWN_TTL })
  return html`<input type="hidden" name="${NAME}" value="${value}">`
}

/** Returns the drawn token of a form; undefined when it is missing, forged, or older than 15 minutes. */
export function readDrawnToken(web: WebContext, params: Params): DrawnToken | undefined {
  const text = openText(web, NAME, params.text(NAME))
  return text === undefined ? undefined : (JSON.parse(text) as DrawnToken)
}
