// Prints the keys in a table of a data file as JSON. Arguments: the file, the table.
import { open } from 'lmdb'

const [file, name] = process.argv.slice(2)
const root = open({ path: file, noSubdir: true, readOnly: true })
process.stdout.write(JSON.stringify(Array.from(root.openDB({ name }).getKeys({}))))
await root.close()
