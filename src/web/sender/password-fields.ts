import { html, type SafeHtml } from '@remix-run/html-template'
import { CHARACTERS, LOOKALIKES } from '../../sharing/generate.ts'
import { draftButton } from '../layout/draft.ts'
import type { View } from '../request-view.ts'
import type { FilledForm } from './filled-form.ts'
import { CHARACTER_SETS, type CharacterChoice, PASSWORD_LENGTHS } from './password-choices.ts'

/** Renders the part of the form that generates a password: in the browser if the script runs, otherwise on the server. */
export function passwordFields(view: View, { values: { password }, error, step }: FilledForm): SafeHtml {
  const { say } = view
  const failed = error?.field === 'password_characters'
  const checkbox = (choice: CharacterChoice, text: string, data: SafeHtml) =>
    html`<label class="choice"><input type="checkbox" name="password_characters" value="${choice}" ${data} ${
      password.characters.has(choice) ? html`checked` : ''
    }> ${text}</label>`
  return html`<details class="password" ${step === 'password' ? html`open` : ''}>
<summary>${say('create.password')}</summary>
<div class="field"><label for="password_length">${say('create.password_length')}</label>
<select id="password_length" name="password_length">${PASSWORD_LENGTHS.map(
    (length) => html`<option ${length === password.length ? html`selected` : ''}>${length}</option>`,
  )}</select></div>
<fieldset id="password" ${failed ? html`aria-describedby="password-error"` : ''}><legend>${say('create.password_characters')}</legend>
${CHARACTER_SETS.map((choice) =>
  checkbox(
    choice,
    say(`create.password_${choice}`, { characters: CHARACTERS[choice] }),
    html`data-characters="${CHARACTERS[choice]}"`,
  ),
)}
${checkbox('unambiguous', say('create.password_unambiguous', { characters: LOOKALIKES }), html`data-excluded="${LOOKALIKES}"`)}
</fieldset>
${failed ? html`<p class="error" id="password-error">${error.text}</p>` : ''}
<p class="buttons">${draftButton(view, { step: 'password', className: 'quiet', data: html`data-password="secret" data-done="${say('create.password_inserted')}" data-none="${say('create.password_none')}"` }, say('create.password_submit'))}</p>
</details>`
}
