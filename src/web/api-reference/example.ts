/** A call to one operation. */
interface Call {
  readonly method: string
  /** With placeholders in braces. */
  readonly url: string
  readonly accountRequired: boolean
  /** An example of the parameters, if there are any. */
  readonly parameters: object | undefined
  /** Whether the parameters are sent as JSON, or as a form. */
  readonly encoding: 'json' | 'form'
}

/** Returns a command line that calls an operation. */
export function curlOf({ method, url, accountRequired, parameters, encoding }: Call): string {
  const options = [
    accountRequired ? '-u EMAIL:TOKEN' : '',
    method === 'GET' || (method === 'POST' && parameters !== undefined) ? '' : `-X ${method}`,
    parameters === undefined
      ? ''
      : encoding === 'json'
        ? `--json '${JSON.stringify(parameters)}'`
        : formOf(parameters),
  ]
  return ['curl', ...options, url.replace(/\{\w+\}/g, 'KEY')].filter((part) => part !== '').join(' ')
}

function formOf(example: object): string {
  return Object.entries(example)
    .map(([name, value]) => `-d ${name}=${value}`)
    .join(' ')
}
