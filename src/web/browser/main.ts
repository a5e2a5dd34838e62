// Makes the pages more convenient. Every page works without it.
import { toggleConcealed } from './concealed-field.ts'
import { copy } from './copy.ts'
import { enhance } from './enhance.ts'
import { watchPageCache } from './page-cache.ts'
import { watchSubmits } from './submit.ts'

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : undefined
  if (button?.dataset['copy']) void copy(button)
  if (button?.dataset['show']) toggleConcealed(button)
})
watchSubmits()
watchPageCache()
enhance(document)
