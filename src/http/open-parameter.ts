/** The parameter within which a body was cut off. */
export interface OpenParameter {
  readonly name: string
  /** Characters from the name to where the body was cut off. */
  readonly length: number
}

/**
 * Returns the parameter within which a body was cut off, if there is one. What it reads is incomplete by nature, so the
 * result is good for a message only.
 *
 * @param text The beginning of the body.
 * @param mediaType Of the body; any unknown one means urlencoded.
 */
export function openParameter(text: string, mediaType: string | undefined): OpenParameter | undefined {
  switch (mediaType) {
    case 'application/json':
      return lastMember(text)
    case 'multipart/form-data': {
      const last = [...text.matchAll(/^Content-Disposition:.*?[; ]name="?([^";\r\n]*)/gim)].at(-1)
      return last && { name: last[1] ?? '', length: text.length - last.index }
    }
    default: {
      const pair = text.slice(text.lastIndexOf('&') + 1)
      return { name: pair.split('=', 1)[0] ?? '', length: pair.length }
    }
  }
}

// Linear in the length of the text, unlike a regular expression for strings that may be cut off.
function lastMember(json: string): OpenParameter | undefined {
  let last: OpenParameter | undefined
  let start = json.indexOf('"')
  while (start !== -1) {
    let end = start + 1
    while (end < json.length && json[end] !== '"') end += json[end] === '\\' ? 2 : 1
    if (end >= json.length) break
    if (/^\s*:/.test(json.slice(end + 1, end + 10))) {
      last = { name: json.slice(start + 1, end), length: json.length - end }
    }
    start = json.indexOf('"', end + 1)
  }
  return last
}
