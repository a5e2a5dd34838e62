// Makes the pages more convenient. Every page works without it.
import { toggleConcealed } from './concealed-field.ts'
import { copy } from './copy.ts'
import { watchCopies } from './copy-by-hand.ts'
import { enhance } from './enhance.ts'
import { insertPassword } from './insert-password.ts'
import { watchPageCache } from './page-cache.ts'
import { share } from './share.ts'
import { watchSubmits } from './submit.ts'
import { watchSubmitKeys } from './submit-keys.ts'
import { guardTypedText } from './typed-text.ts'

document.addEventListener('click', (event) => {
  const { target } = event
  const button = target instanceof Element ? target.closest('button') : undefined
  if (button?.dataset['copy'] !== undefined) void copy(button)
  if (button?.dataset['share']) void share(button)
  if (button?.dataset['show']) toggleConcealed(button)
  if (button?.dataset['password']) {
    event.preventDefault()
    insertPassword(button)
  }
})
watchSubmits()
watchSubmitKeys()
guardTypedText()
watchPageCache()
watchCopies()
enhance(document)
document.querySelector<HTMLElement>('[data-focus]')?.focus()
