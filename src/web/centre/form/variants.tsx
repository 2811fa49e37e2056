// A place where things of several sorts may stand: which one is chosen first, then what it is.
import { NativeSelect } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import { choiceText } from '../texts/choice-texts.js';
import { centreTexts } from '../texts/texts.js';
import { type SortProps, useSurroundings } from './context.js';
import { begun, isWide, kindOf, type Schema, shown, variantOf } from './kind.js';

export function Variants(props: SortProps & { readonly variants: readonly Schema[] }) {
  const { path, keys, schema, label, help, fault, value, variants, isRequired, onWrite } = props;
  const texts = useTexts(centreTexts);
  const words = useTexts(choiceText);
  const { Field } = useSurroundings();
  const isWritten = value !== undefined;
  const chosen = variantOf(variants, value);
  const variant = variants[chosen] ?? {};
  const isFlat = !isWide(variant);
  const usual = schema.default === undefined ? texts.notSet : texts.byDefault(words(shown(schema.default)));
  const nameOf = (one: Schema): string => {
    const kind = kindOf(one);
    return kind.kind === 'choice' ? words(kind.values[0] ?? '') : texts.sorts[kind.kind];
  };
  return (
    <div className={isFlat ? 'centre-fields' : 'centre-below'}>
      <NativeSelect
        {...{ label, description: help, error: fault, withAsterisk: isRequired }}
        data={[
          ...(isRequired ? [] : [{ value: '', label: usual }]),
          ...variants.map((one, index) => ({ value: String(index), label: nameOf(one) })),
        ]}
        value={isWritten ? String(chosen) : ''}
        onChange={({ currentTarget: { value: next } }) =>
          onWrite(next === '' ? undefined : startOf(variants[Number(next)] ?? {}, value))
        }
      />
      {isWritten && kindOf(variant).kind !== 'choice' && (
        <Field
          path={path}
          keys={keys}
          schema={variant}
          value={value}
          isRequired
          label={`${label}: ${nameOf(variant)}`}
        />
      )}
    </div>
  );
}

/** A list begins with what was the one thing. */
function startOf(schema: Schema, value: unknown): unknown {
  const start = begun(schema);
  if (Array.isArray(start) && start.length === 0 && typeof value === 'string') return [value];
  if (Array.isArray(start) && start.length === 0) return [begun(schema.items ?? {})];
  return start;
}
