const SHOWN_FROM = 0.5

/** Shows how many bytes a text area uses, once that is half of the maximum. */
export function count(counter: HTMLElement): void {
  const area = document.getElementById(counter.dataset['count'] ?? '')
  if (!(area instanceof HTMLTextAreaElement)) return
  const max = Number(counter.dataset['max'])
  const text = counter.dataset['text'] ?? ''
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const update = () => {
    const used = new TextEncoder().encode(area.value).length
    counter.textContent = text.replace('{used}', number.format(used)).replace('{max}', number.format(max))
    counter.hidden = used < max * SHOWN_FROM
    counter.classList.toggle('over', used > max)
  }
  area.addEventListener('input', update)
  update()
}
