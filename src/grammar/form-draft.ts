/** The `set` forms of a command before their steps are read: slots and parameters found, nothing resolved yet. */
import { parameterNames, readForm, type Shape } from './forms.js';
import type { Names } from './names.js';
import type { Node } from './node.js';
import { readParameter } from './parameter-reader.js';
import type { Parameter } from './parameters.js';
import { whatHides } from './reach.js';
import type { WrittenForm } from './written-forms.js';

export type Parameters = ReadonlyMap<string, Parameter>;

export interface FormDraft extends ShapedForm {
  /** In the order of the slots. */
  parameters: Parameters;
}

/** A form taken apart. */
export interface ShapedForm extends WrittenForm {
  shape: Shape;
}

export const shapeForm = (written: WrittenForm): ShapedForm => ({
  ...written,
  shape: readForm(written.text, written.at),
});

/** @param known where its parameters are looked up, in this order */
export function draftForm(shaped: ShapedForm, known: readonly Parameters[]): FormDraft {
  const { shape, at } = shaped;
  const parameters = new Map<string, Parameter>();
  for (const name of parameterNames(shape)) {
    const parameter = lookUp(name, known);
    if (parameter) parameters.set(name, parameter);
    else at.unknown('parameter', name, new Set(known.flatMap(map => [...map.keys()])), 'Add it under `parameters:`.');
  }
  return { ...shaped, parameters };
}

export const lookUp = (name: string, known: readonly Parameters[]): Parameter | undefined =>
  known.find(parameters => parameters.has(name))?.get(name);

export function readParameters(node: Node, names: Names): Map<string, Parameter> {
  const given = node.entries('a map of parameter: type').filter(([, spec]) => spec.isGiven);
  return new Map(given.map(([name, spec]) => [name, readParameter(name, spec, names)]));
}

/** What the forms of one command get wrong together. */
export function checkForms(forms: readonly FormDraft[]): void {
  const reachable = forms.map(form => ({ ...form, when: form.node.get('when').raw }));
  reachable.forEach((form, i) => {
    checkBrackets(form);
    const hiding = whatHides(form, reachable.slice(0, i));
    if (hiding)
      form.at.problem('a form that can never be reached', 'a form that fits what no form above it fits', {
        found: form.text,
        hint: `All that it fits is taken by ${hiding.text}`,
      });
  });
}

/** Arguments may end where a `[` stands: what is optional before something required needs `only`. */
function checkBrackets({ shape: { slots }, parameters, at }: FormDraft): void {
  const lastRequired = slots.findLastIndex(slot => !slot.optional);
  const loose = slots.find((slot, i) => i < lastRequired && slot.optional && !parameters.get(slot.name)?.only);
  if (loose)
    at.problem('an optional argument before a required one', '`only:` at its parameter', {
      found: loose.name,
      hint: 'Nothing else tells which of the two an argument is.',
    });
}
