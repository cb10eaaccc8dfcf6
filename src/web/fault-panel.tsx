/** Faults by buttons, made from the daemon's catalogue: one chosen, its parameters, and those that are active. */
import { useEffect, useState } from 'preact/hooks';
import type { ActiveFault, FaultSpec, ParameterSpec } from '../control/messages.js';
import { byLayer, type FormValues, faultRequest, layerNames, standing } from './fault-form.js';
import { activeFaults, type OpenedModem } from './opened-modem.js';
import type { Page } from './page.js';
import { Prose } from './prose.js';
import { useStore } from './use-store.js';

export function FaultPanel({ page, opened }: { page: Page; opened: OpenedModem }) {
  const { catalogue } = useStore(page.view);
  const state = useStore(opened.store);
  const [name, setName] = useState<string>();
  const chosen = catalogue.find(fault => fault.name === name);
  const seed = useSeed(page, opened.name);
  return (
    <section class="panel faults" aria-label="Faults">
      {catalogue.length === 0 && <p class="empty">This daemon injects no faults.</p>}
      <Active {...{ page, opened }} faults={activeFaults(state)} />
      {byLayer(catalogue).map(([layer, faults]) => (
        <div key={layer} class="layer" role="group" aria-label={layerNames[layer]}>
          <span class="dim">{layerNames[layer]}</span>
          {faults.map(fault => (
            <button
              key={fault.name}
              type="button"
              aria-expanded={fault.name === name}
              title={fault.title}
              onClick={() => setName(fault.name === name ? undefined : fault.name)}
            >
              {fault.name.slice(fault.name.indexOf('.') + 1)}
            </button>
          ))}
        </div>
      ))}
      {chosen && <FaultForm key={chosen.name} {...{ page, opened }} fault={chosen} />}
      {seed !== undefined && (
        <p class="dim" title="what comes by chance follows from it: with it a run can be repeated">
          seed {seed}
        </p>
      )}
    </section>
  );
}

function useSeed(page: Page, modem: string): number | undefined {
  const [seed, setSeed] = useState<number>();
  useEffect(() => {
    page.api.faults(modem).then(
      faults => setSeed(faults.seed),
      () => setSeed(undefined),
    );
  }, [modem]);
  return seed;
}

function Active({ page, opened, faults }: { page: Page; opened: OpenedModem; faults: readonly ActiveFault[] }) {
  if (faults.length === 0) return null;
  const lift = (id?: number) => page.attempt(page.api.lift(opened.name, id));
  return (
    <ul class="active" aria-label="Active faults">
      {faults.map(active => (
        <li key={active.id}>
          <b>{active.text}</b>
          <span class="dim">{standing(active)}</span>
          <button type="button" aria-label={`Lift ${active.fault}`} onClick={() => lift(active.id)}>
            Lift
          </button>
        </li>
      ))}
      {faults.length > 1 && (
        <li>
          <button type="button" onClick={() => lift()}>
            Lift all
          </button>
        </li>
      )}
    </ul>
  );
}

function FaultForm({ page, opened, fault }: { page: Page; opened: OpenedModem; fault: FaultSpec }) {
  const [values, setValues] = useState<FormValues>({});
  const inject = () => page.attempt(page.api.inject(opened.name, faultRequest(fault, values)));
  return (
    <form
      class="fault-form"
      aria-label={fault.name}
      onSubmit={event => {
        event.preventDefault();
        void inject();
      }}
    >
      <p>
        <button type="submit" class="act">
          Inject {fault.name}
        </button>
        <Prose text={fault.title} />
      </p>
      <div class="fields">
        {Object.entries(fault.parameters).map(([name, parameter]) => (
          <Field
            key={name}
            {...{ name, parameter }}
            value={values[name] ?? ''}
            onChange={value => setValues(all => ({ ...all, [name]: value }))}
          />
        ))}
      </div>
    </form>
  );
}

interface FieldProps {
  name: string;
  parameter: ParameterSpec;
  value: string;
  onChange: (value: string) => void;
}

function Field(props: FieldProps) {
  const { name, parameter } = props;
  return (
    <div class="field" title={parameter.title}>
      <label for={fieldId(name)}>
        {name}
        {parameter.required && ' *'}
      </label>
      <Control {...props} />
      <small class="dim">
        <Prose text={parameter.title} />
      </small>
    </div>
  );
}

function Control({ name, parameter, value, onChange }: FieldProps) {
  const { kind, words = [] } = parameter;
  const usual = parameter.default === undefined ? '' : String(parameter.default);
  const shared = { id: fieldId(name), value, required: parameter.required };
  if (kind === 'word' || kind === 'flag')
    return (
      <select {...shared} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        <option value="">{usual === '' ? '–' : `${usual} (default)`}</option>
        {(kind === 'flag' ? ['true', 'false'] : words).map(word => (
          <option key={word}>{word}</option>
        ))}
      </select>
    );
  return (
    <input
      {...shared}
      placeholder={usual || placeholders[kind]}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      autocomplete="off"
      spellcheck={false}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

const fieldId = (name: string): string => `fault-${name}`;

const placeholders: Readonly<Record<string, string>> = { duration: '500ms, 2s, 5m', bytes: '\\r\\n, \\x1A' };
