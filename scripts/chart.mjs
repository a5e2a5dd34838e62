// The parts of the Helm chart that are made from something else: the settings in its schema, and its copies of the files that
// configure Redis, because a chart can read only what is in its folder.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const docker = fileURLToPath(new URL('../docker/', import.meta.url))
const chart = `${docker}helm/emberlink/`

/** Settings that the chart sets itself, so that they match the ports and volumes of its pods. */
const OWN = ['PORT', 'BIND', 'DATA_DIR', 'METRICS']

const BOOLEANS = { on: true, off: false }

/**
 * Returns the files of the chart that are made from something else, by path.
 *
 * @param {readonly import('../src/config/settings.ts').Setting[]} settings The table of settings.
 */
export function chartFiles(settings) {
  const schema = JSON.parse(readFileSync(`${chart}values.schema.json`, 'utf8'))
  const { properties } = schema
  const secret = settings.filter((setting) => setting.secret)
  const others = settings.filter(({ name, secret }) => !secret && !OWN.includes(name))
  properties.settings.properties = describe(others, textOf)
  properties.secrets.properties.values.properties = describe(secret, () => ({ type: 'string' }))
  properties.secrets.properties.names.items.enum = secret.map(({ name }) => name)
  return {
    [`${chart}values.schema.json`]: `${JSON.stringify(schema, undefined, 2)}\n`,
    [`${chart}files/redis.conf`]: readFileSync(`${docker}redis.conf`, 'utf8'),
    [`${chart}files/users.acl`]: readFileSync(`${docker}users.acl`, 'utf8'),
  }
}

function describe(settings, constrain) {
  return Object.fromEntries(
    settings.map((setting) => {
      const { name, meaning, type, default: normal = setting.otherwise } = setting
      const description = `${meaning} Accepts ${type.accepts}. Default: ${normal}.`
      return [name, { description, ...constrain(setting) }]
    }),
  )
}

/** Returns the rule for a setting, and for what YAML may make of its text without quotes: of `off` a boolean, of digits a number. */
function textOf({ type: { accepts, schema = {} } }) {
  const { enum: words, pattern = '', ...bounds } = schema
  if (words) return { enum: words.flatMap((word) => (word in BOOLEANS ? [word, BOOLEANS[word]] : [word])) }
  if (accepts.startsWith('`off`')) return { anyOf: [{ type: 'string' }, { const: false }] }
  const type = bounds.minimum === undefined ? ['string'] : ['integer', 'string']
  // Helm's regular expressions cannot look around.
  return { type, ...bounds, ...(pattern && !/\(\?[=!<]/.test(pattern) ? { pattern } : {}) }
}
