import {
  type AnyValue,
  type AnyValues,
  LARGEST_SEED,
  nearestValue,
  type Parameter,
  type Parameters,
} from '../state/parameters.js'
import { element } from './element.js'

interface Control {
  readonly root: HTMLElement
  show(value: AnyValue): void
}

/** The controls of all parameters. Pictures have none: their views make them. */
export class Controls {
  readonly root: HTMLElement = element('form', { class: 'controls', 'aria-label': 'Parameters' })
  readonly #controls = new Map<string, Control>()

  constructor(parameters: Parameters, change: (name: string, value: AnyValue) => void) {
    this.root.addEventListener('submit', (event) => event.preventDefault())
    for (const [name, parameter] of Object.entries(parameters)) {
      const control = controlOf(name, parameter, (value) => change(name, value))
      if (control === undefined) continue
      this.#controls.set(name, control)
      this.root.append(control.root)
    }
  }

  show(values: AnyValues): void {
    for (const [name, control] of this.#controls) control.show(values[name])
  }
}

function controlOf(
  name: string,
  parameter: Parameter,
  change: (value: AnyValue) => void,
): Control | undefined {
  switch (parameter.kind) {
    case 'number': {
      const { min, max, step, unit = '' } = parameter
      const output = element('output')
      const input = element('input', { type: 'range', id: `p-${name}`, min, max, step })
      input.addEventListener('input', () => change(nearestValue(parameter, input.valueAsNumber)))
      return control(name, parameter, input, [output], (value) => {
        input.valueAsNumber = value as number
        output.value = `${value}${unit}`
        input.setAttribute('aria-valuetext', output.value)
      })
    }
    case 'choice': {
      const select = element('select', { id: `p-${name}` })
      for (const [value, words] of Object.entries(parameter.choices))
        select.append(element('option', { value }, words))
      select.addEventListener('change', () => change(select.value))
      return control(name, parameter, select, [], (value) => {
        select.value = value as string
      })
    }
    case 'switch': {
      const input = element('input', { type: 'checkbox', id: `p-${name}` })
      input.addEventListener('change', () => change(input.checked))
      const root = element(
        'div',
        { class: 'control switch' },
        element('label', { for: input.id }, input, parameter.label, ...keyOf(parameter)),
        ...helpOf(name, parameter, input),
      )
      return {
        root,
        show: (value) => {
          input.checked = value as boolean
        },
      }
    }
    case 'seed': {
      const input = element('input', {
        type: 'number',
        id: `p-${name}`,
        min: 0,
        max: LARGEST_SEED,
        step: 1,
        inputmode: 'numeric',
      })
      input.addEventListener('change', () => {
        if (input.value === '' || !input.checkValidity() || !Number.isInteger(input.valueAsNumber))
          input.reportValidity()
        else change(input.valueAsNumber)
      })
      const dice = element(
        'button',
        { type: 'button', click: () => change(Math.floor(Math.random() * (LARGEST_SEED + 1))) },
        'Another',
      )
      const row = element('div', { class: 'row' }, input, dice)
      return control(name, parameter, row, [], (value) => {
        input.valueAsNumber = value as number
      })
    }
    case 'pictures':
      return undefined
  }
}

function control(
  name: string,
  parameter: Parameter,
  input: HTMLElement,
  beside: readonly HTMLElement[],
  show: (value: AnyValue) => void,
): Control {
  const words = element('span', {}, parameter.label, ' ', ...keyOf(parameter))
  return {
    root: element(
      'div',
      { class: 'control' },
      element('label', { for: `p-${name}` }, words, ...beside),
      input,
      ...helpOf(name, parameter, input),
    ),
    show,
  }
}

function keyOf({ key }: Parameter): Node[] {
  return key === undefined ? [] : [element('kbd', { 'aria-hidden': 'true' }, key)]
}

function helpOf(name: string, { help }: Parameter, input: HTMLElement): Node[] {
  if (help === undefined) return []
  input.setAttribute('aria-describedby', `h-${name}`)
  return [element('p', { class: 'help', id: `h-${name}` }, help)]
}
