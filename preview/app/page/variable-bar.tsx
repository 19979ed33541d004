import { Combobox, InlineField, Input, MultiCombobox } from '@grafana/ui';
import { ALL } from '../model/variables.ts';
import { urlValues } from '../model/variables.ts';
import type { Resolved } from './use-variables.ts';

interface PickerProps {
  readonly resolved: Resolved;
  readonly onChange: (values: readonly string[]) => void;
}

/** Chooses All alone, or values without All, whichever was chosen last. */
const withoutBoth = (values: readonly string[], before: readonly string[]): readonly string[] => {
  if (values.includes(ALL) && !before.includes(ALL)) return [ALL];
  const plain = values.filter((value) => value !== ALL);
  return plain.length === 0 ? [ALL] : plain;
};

function Picker({ resolved: { variable, options, selection }, onChange }: PickerProps) {
  const id = `var-${variable.name}`;
  const chosen = urlValues(selection);
  const offered = [
    ...(variable.includeAll ? [{ value: ALL, label: 'All' }] : []),
    ...options.map(({ value, text }) => ({ value, label: text })),
  ];
  // Values that are chosen although they are not offered still have to be shown.
  const missing = chosen.filter((value) => offered.every((option) => option.value !== value));
  const all = [...offered, ...missing.map((value) => ({ value, label: value }))];
  const size = { width: 'auto', minWidth: 16, maxWidth: 40 } as const;
  if (variable.kind === 'textbox')
    return (
      <Input
        id={id}
        defaultValue={chosen[0] ?? ''}
        width={20}
        onBlur={(event) => onChange([event.currentTarget.value])}
      />
    );
  if (variable.multi)
    return (
      <MultiCombobox
        {...size}
        id={id}
        options={all}
        value={[...chosen]}
        onChange={(picked) =>
          onChange(
            withoutBoth(
              picked.map(({ value }) => value),
              chosen,
            ),
          )
        }
      />
    );
  return (
    <Combobox
      {...size}
      id={id}
      options={all}
      value={chosen[0] ?? null}
      onChange={({ value }) => onChange([value])}
      createCustomValue={variable.allowCustomValue}
    />
  );
}

/** The pickers of a dashboard's variables, below its head. */
export function VariableBar({
  variables,
  onChange,
}: {
  readonly variables: readonly Resolved[];
  readonly onChange: (name: string, values: readonly string[]) => void;
}) {
  const shown = variables.filter(
    ({ variable }) => variable.hide !== 'variable' && !['constant', 'unsupported'].includes(variable.kind),
  );
  return (
    <div className="azimuth-variables" role="group" aria-label="Variables">
      {shown.map((resolved) => {
        const { name, label, description, hide } = resolved.variable;
        return (
          <InlineField
            key={name}
            htmlFor={`var-${name}`}
            label={hide === 'label' ? '' : label}
            {...(description !== '' && { tooltip: description })}
            {...(resolved.error !== undefined && { invalid: true, error: resolved.error })}
          >
            <Picker resolved={resolved} onChange={(values) => onChange(name, values)} />
          </InlineField>
        );
      })}
    </div>
  );
}
