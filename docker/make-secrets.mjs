// Writes the credentials that the server and Redis share. Random values are generated once, at the first start. Files
// derived from them are written at every start, so that an upgrade can change the users.
//
//   node make-secrets.mjs FOLDER REDIS_ADDRESS USER...
//
//   FOLDER/server/root_key       the server's root key
//   FOLDER/server/redis_url      REDIS_ADDRESS, with each <USER> replaced by that user's password
//   FOLDER/redis/users.acl       the lines of users.acl for each USER, with hashes in place of the passwords
//   FOLDER/redis/password.USER   the password of each USER
//   FOLDER/redis/redis.conf      a replica's credentials for its master, if USER includes replica
//   FOLDER/redis/sentinel.conf   a sentinel's credentials for the others, if USER includes sentinel
//
// Only their owner and group can read the files, and no one can write them.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const [folder, address, ...users] = process.argv.slice(2)
if (users.length === 0) throw new Error('usage: make-secrets.mjs FOLDER REDIS_ADDRESS USER...')

generateOnce('server/root_key')
const passwords = new Map(users.map((user) => [user, generateOnce(`redis/password.${user}`)]))
write(
  'server/redis_url',
  address.replaceAll(/<(\w+)>/g, (_, user) => passwordOf(user)),
)
write('redis/users.acl', userLines())
if (passwords.has('replica')) {
  write('redis/redis.conf', `masteruser replica\nmasterauth ${passwordOf('replica')}`)
}
if (passwords.has('sentinel')) {
  const password = passwordOf('sentinel')
  const master = `sentinel auth-user emberlink sentinel\nsentinel auth-pass emberlink ${password}`
  write('redis/sentinel.conf', `requirepass ${password}\nsentinel sentinel-pass ${password}\n${master}`)
}

function userLines() {
  const template = readFileSync(new URL('users.acl', import.meta.url), 'utf8')
  return ['default', ...users]
    .map((user) => {
      const line = template.split('\n').find((text) => text.startsWith(`user ${user} `))
      if (line === undefined) throw new Error(`users.acl has no user ${user}`)
      return line.replace('<password>', () => `#${sha256(passwordOf(user))}`)
    })
    .join('\n')
}

function passwordOf(user) {
  const password = passwords.get(user)
  if (password === undefined) throw new Error(`user ${user} is not in the list of users`)
  return password
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex')
}

/** Returns the content of a file: 32 random bytes as hexadecimal digits, generated if the file is missing. */
function generateOnce(name) {
  const path = `${folder}/${name}`
  if (!existsSync(path)) write(name, randomBytes(32).toString('hex'))
  return readFileSync(path, 'utf8').trim()
}

/** Replaces a file atomically, so that no one reads a partial one. */
function write(name, text) {
  const path = `${folder}/${name}`
  mkdirSync(dirname(path), { recursive: true })
  rmSync(`${path}.new`, { force: true })
  writeFileSync(`${path}.new`, `${text}\n`, { mode: 0o440, flush: true })
  renameSync(`${path}.new`, path)
}
