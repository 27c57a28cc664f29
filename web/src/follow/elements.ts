/** Elements without a framework: `el('p', { className: 'quiet' }, 'text')`. Text becomes text, never markup. */
type Facts<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], 'style'>> & { aria?: Record<string, string> }

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, facts: Facts<K> = {}, ...inner: (Node | string | null)[]): HTMLElementTagNameMap[K] {
  const { aria, ...own } = facts
  const made = Object.assign(document.createElement(tag), own)
  for (const name in aria) made.setAttribute(name, aria[name]!)
  for (const part of inner) if (part !== null) made.append(part)
  return made
}

/** These and nothing else. (`replaceChildren` is too new for old phones.) */
export function fill(place: HTMLElement, ...parts: Node[]): void {
  place.textContent = ''
  place.append(...parts)
}

export const button = (label: string, act: () => unknown, kind = ''): HTMLButtonElement =>
  el('button', { type: 'button', className: `button ${kind}`, onclick: () => void act() }, label)

type Input = HTMLInputElement | HTMLTextAreaElement

/** A labelled input with a place for what is wrong with it. */
export function field(input: Input, label: string, hint = ''): HTMLElement {
  const described = hint ? [el('p', { className: 'hint', id: `${input.id}-hint` }, hint)] : []
  if (hint) input.setAttribute('aria-describedby', `${input.id}-hint`)
  return el('div', { className: 'field' }, el('label', { htmlFor: input.id }, label), input, ...described)
}

/** One of a few answers, as large targets. `picked` hears of each choice. */
export function choice(name: string, question: string, answers: [string, string][], chosen: string, picked: (value: string) => void): HTMLElement {
  const options = answers.map(([value, label]) => {
    const input = el('input', { type: 'radio', name, value, required: true, checked: value === chosen, onchange: () => picked(value) })
    return el('label', { className: 'option' }, input, el('span', {}, label))
  })
  return el('fieldset', {}, el('legend', {}, question), el('div', { className: 'options' }, ...options))
}

/** A box that is read out when it appears. */
export const alertBox = (sentence: string, ...more: Node[]): HTMLElement => el('div', { className: 'alert', aria: { role: 'alert' } }, el('p', {}, sentence), ...more)
