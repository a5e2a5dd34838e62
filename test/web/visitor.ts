import { exchange, type WireAnswer } from '../support/wire.ts'

/** A page as it was received. */
export interface PageAnswer extends WireAnswer {
  /** The text of its main heading; empty for none. */
  readonly heading: string
  /** Where a redirect leads. */
  readonly location: string | undefined
}

type Headers = Readonly<Record<string, string>>

/** A person with a browser: keeps cookies, and sends the forms that pages offer. */
export class Visitor {
  readonly cookies = new Map<string, string>()
  readonly #url: string
  readonly #headers: Headers

  /** Opens a browser without cookies. @param headers What it always sends. */
  constructor({ url }: { readonly url: string }, headers: Headers = {}) {
    this.#url = url
    this.#headers = headers
  }

  /** Takes over the cookies of another browser. */
  bringing(cookies: ReadonlyMap<string, string>): this {
    for (const [name, value] of cookies) this.cookies.set(name, value)
    return this
  }

  get(path: string, headers: Headers = {}): Promise<PageAnswer> {
    return this.send('GET', path, headers)
  }

  /** Sends a form without having seen its page. */
  post(path: string, fields: Headers = {}, headers: Headers = {}): Promise<PageAnswer> {
    const body = new URLSearchParams(fields).toString()
    const type = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': String(body.length),
    }
    return this.send('POST', path, { ...type, ...headers }, body)
  }

  /** Opens a page, fills in its form and sends it. */
  async fill(path: string, fields: Headers = {}, headers: Headers = {}): Promise<PageAnswer> {
    return this.submit(await this.get(path), path, fields, headers)
  }

  /** Sends the form of a page that has the action, with its hidden fields. */
  submit(page: PageAnswer, action: string, fields: Headers = {}, headers: Headers = {}): Promise<PageAnswer> {
    return this.post(action, { ...hiddenIn(page, action), ...fields }, headers)
  }

  /** Sends the form of a page that has the action with a button that leads elsewhere. */
  press(page: PageAnswer, action: string, leadsTo: string, fields: Headers = {}): Promise<PageAnswer> {
    return this.post(leadsTo, { ...hiddenIn(page, action), ...fields })
  }

  async send(method: string, path: string, headers: Headers = {}, body = ''): Promise<PageAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const all = { ...this.#headers, ...(cookie && { Cookie: cookie }), ...headers }
    const head = [
      `${method} ${path} HTTP/1.1`,
      ...Object.entries(all).map(([name, value]) => `${name}: ${value}`),
    ]
    const answer = await exchange(this.#url, head.join('\n'), body)
    for (const { name, value, attributes } of cookiesOf(answer)) {
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const heading = /<h1>([^<]*)<\/h1>/.exec(answer.text)?.[1] ?? ''
    return { ...answer, heading, location: answer.headers['location'] }
  }
}

/** Returns the CSRF token of the form that is sent to the action. */
export function tokenIn(page: { readonly text: string }, action: string): string {
  return hiddenIn(page, action)['csrf_token'] ?? ''
}

/** Returns the hidden fields of the form that is sent to the action. */
function hiddenIn({ text }: { readonly text: string }, action: string): Record<string, string> {
  const form = text.split('<form ').find((part) => part.includes(` action="${action}"`)) ?? ''
  const fields =
    form.split('</form>')[0]?.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g) ?? []
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

/** Returns the cookies that a response sets. */
export function cookiesOf({ headers }: WireAnswer): { name: string; value: string; attributes: string }[] {
  const pattern = /(?:^|, )([\w-]+)=([^;]*);(.*?)(?=, [\w-]+=|$)/g
  return [...(headers['set-cookie'] ?? '').matchAll(pattern)].map(([, name = '', value = '', rest = '']) => ({
    name,
    value,
    attributes: rest.trim(),
  }))
}

/** Returns the markup of a page without the marks around invisible characters, which remain. */
export function withoutMarks(markup: string): string {
  return markup.replace(/<span class="mark"[^>]*>([^<]*)<\/span>/g, '$1')
}

/** Returns a text as it is escaped in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** Returns a text that was escaped in HTML. */
export function unescaped(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => CHARACTERS[entity] ?? '')
}

const ENTITIES: Headers = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const CHARACTERS: Headers = Object.fromEntries(
  Object.entries(ENTITIES).map(([character, entity]) => [entity, character]),
)
