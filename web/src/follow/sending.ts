/** A form that is being sent: once at a time, with what went wrong said beside it and each field marked. What was typed
 * stays; who sends again after a lost connection does no harm. */
import { failed, type Failed } from '../shared/problems'
import { alertBox, el, fill } from './elements'
import { t } from './texts'

export interface Sent {
  form: HTMLFormElement
  /** Shown by a check of the page itself, beside `field`. */
  refuse: (sentence: string, field?: HTMLElement) => void
}

/** `act` sends; `names` are the body's fields by the ids of their inputs, for marking what the service refuses. */
export function sending(label: string, act: (sent: Sent) => Promise<void>, names: Record<string, string>, ...parts: Node[]): HTMLFormElement {
  const said = el('div', { className: 'said' })
  const submit = el('button', { className: 'button primary' }, label)
  const form = el('form', { className: 'form', noValidate: true }, ...parts, said, submit)
  const refuse = (sentence: string, at?: HTMLElement) => {
    fill(said, alertBox(sentence))
    if (at) mark(at)
  }
  form.onsubmit = async (event) => {
    event.preventDefault()
    if (submit.disabled) return
    said.textContent = ''
    form.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'))
    submit.disabled = true
    submit.textContent = t.sending
    try {
      await act({ form, refuse })
      submit.textContent = label
    } catch (error) {
      const what = failed(error)
      refuse(sentenceOf(what, names))
      if (what.offline || what.status >= 500) said.firstElementChild!.append(el('p', {}, t.safe))
      const first = Object.keys(what.fields).map((name) => document.getElementById(names[name] ?? '')).find(Boolean)
      if (first) mark(first)
      submit.textContent = what.offline ? t.again : label
    } finally {
      submit.disabled = false
    }
  }
  return form
}

function sentenceOf(what: Failed, names: Record<string, string>): string {
  const wrong = Object.entries(what.fields).filter(([name]) => names[name])
  return wrong.length ? wrong.map(([name, sentence]) => `${labelOf(names[name]!)}${sentence}`).join('；') : what.sentence
}

const labelOf = (id: string) => {
  const label = document.querySelector(`label[for="${id}"]`)
  return label ? `${label.textContent}：` : ''
}

function mark(input: HTMLElement): void {
  input.setAttribute('aria-invalid', 'true')
  input.focus()
}
