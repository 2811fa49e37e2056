// A thing that is exactly one of several: which one, and its name.
import { NativeSelect } from '@mantine/core';
import type { Path } from '../../../core/document/yaml-text.js';
import { useTexts } from '../../texts/language.js';
import { labelText } from '../texts/field-texts.js';
import { centreTexts } from '../texts/texts.js';
import { faultAt, useSurroundings } from './context.js';
import { shown } from './kind.js';
import { TextField } from './text-field.js';

export interface OneOfProps {
  readonly path: Path;
  readonly keys: readonly string[];
  readonly data: unknown;
  readonly possible: readonly string[];
}

export function OneOf({ path, keys, data, possible }: OneOfProps) {
  const texts = useTexts(centreTexts);
  const labelOf = useTexts(labelText);
  const { issues, write } = useSurroundings();
  const thing = (data ?? {}) as Readonly<Record<string, unknown>>;
  const kind = possible.find((key) => key in thing) ?? possible[0] ?? '';
  const { [kind]: name, ...rest } = thing;
  return (
    <>
      <NativeSelect
        label={texts.kind}
        data={possible.map((value) => ({ value, label: labelOf([...keys, value]) }))}
        value={kind}
        onChange={({ currentTarget }) => write(path, { [currentTarget.value]: shown(name), ...rest })}
      />
      <TextField
        label={texts.device}
        value={shown(name)}
        isRequired
        fault={faultAt(issues, [...path, kind], true) ?? faultAt(issues, path, false)}
        onWrite={(next) => write(path, { [kind]: next, ...rest })}
      />
    </>
  );
}
