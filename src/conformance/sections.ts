/** The sections of the contracts, by what the checks call them: the page below `docs/api`, and its heading as an anchor. */
export const SECTIONS = {
  v1Requests: 'v1.md#1-requests',
  v1Authentication: 'v1.md#2-authentication',
  v1Endpoints: 'v1.md#3-endpoints',
  v1Parameters: 'v1.md#parameters',
  v1Metadata: 'v1.md#4-metadata',
  v1NewerNames: 'v1.md#newer-names',
  v1States: 'v1.md#states',
  v1Errors: 'v1.md#5-errors',
  atMostOnce: 'v1.md#6-at-most-once',
  v1WebAddresses: 'v1.md#7-web-addresses',
  v2Requests: 'v2.md#1-requests',
  v2Callers: 'v2.md#2-callers',
  v2Endpoints: 'v2.md#3-endpoints',
  v2Parameters: 'v2.md#parameters',
  v2Responses: 'v2.md#4-responses',
  v2Errors: 'v2.md#5-errors',
} as const

/** A section of a contract. */
export type Section = keyof typeof SECTIONS

/** Returns where to read a section, from the root of the repository. */
export function linkTo(section: Section): string {
  return `docs/api/${SECTIONS[section]}`
}
