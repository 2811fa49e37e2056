// One field of a form, as the schema of the centre says what may stand there: each writes its own place in the text.
import { Checkbox, Fieldset, Group, NativeSelect, SimpleGrid, Text } from '@mantine/core';
import { useTexts } from '../../texts/language.js';
import { choiceText } from '../texts/choice-texts.js';
import { helpText, labelText } from '../texts/field-texts.js';
import { centreTexts } from '../texts/texts.js';
import { Block } from './block.js';
import { type FieldProps, faultAt, type SortProps, useSurroundings } from './context.js';
import { HOLDING, isBlank, type Kind, kindOf, shown } from './kind.js';
import { NAMED, PROPOSED } from './named.js';
import { Place } from './place.js';
import { Pairs, RowsOf } from './rows.js';
import { LinesField, TextField } from './text-field.js';
import { Variants } from './variants.js';

export function Field(props: FieldProps) {
  const labelOf = useTexts(labelText);
  const helpOf = useTexts(helpText);
  const { issues, write } = useSurroundings();
  const { path, keys, schema } = props;
  const kind = kindOf(schema);
  const sort: SortProps = {
    ...props,
    label: props.label ?? labelOf(keys),
    help: helpOf(schema.description ?? ''),
    fault: faultAt(issues, path, !HOLDING.includes(kind.kind)),
    onWrite: (value) => write(path, value === '' ? undefined : value),
  };
  return <Sort kind={kind} {...sort} />;
}

function Sort({ kind, ...props }: SortProps & { readonly kind: Kind }) {
  const { label, help, fault, value, isRequired, onWrite } = props;
  const shared = { label, help, fault, isRequired };
  switch (kind.kind) {
    case 'texts':
      return <PerLanguage {...props} />;
    case 'place':
      return <Place {...shared} kind={kind} value={value} onWrite={onWrite} />;
    case 'choice':
    case 'flag':
      return <Choice {...props} kind={kind} />;
    case 'several':
      return <Several {...props} values={kind.values} />;
    case 'lines':
      return <Lines {...props} hint={kind.hint} />;
    case 'words':
      return (
        <TextField
          {...shared}
          value={[value ?? []].flat().join(', ')}
          onWrite={(next) => onWrite(next.includes(',') ? next.split(',').map((one) => one.trim()) : next)}
        />
      );
    case 'rows':
      return <RowsOf {...props} item={kind.item} />;
    case 'pairs':
      return <Pairs {...props} each={kind.value} names={kind.names} />;
    case 'block':
      return <BlockField {...props} kind={kind} />;
    case 'variants':
      return <Variants {...props} variants={kind.variants} />;
    default:
      return <Plain {...props} kind={kind} />;
  }
}

function Plain({ kind, ...props }: SortProps & { readonly kind: Kind }) {
  const { label, help, fault, value, schema, keys, isRequired, onWrite } = props;
  const { names } = useSurroundings();
  const key = keys.findLast((one) => one !== '*') ?? '';
  const chosen =
    names[
      NAMED[
        keys
          .filter((one) => one !== '*')
          .slice(-2)
          .join('.')
      ] ?? ''
    ];
  if (chosen !== undefined)
    return (
      <NativeSelect
        {...{ label, description: help, error: fault, withAsterisk: isRequired }}
        data={[...(isRequired ? [] : ['']), ...new Set([...chosen, ...(isBlank(value) ? [] : [shown(value)])])]}
        value={shown(value)}
        onChange={({ currentTarget }) => onWrite(currentTarget.value)}
      />
    );
  const usual = schema.default === undefined ? undefined : String(schema.default);
  const hint = kind.kind === 'time' ? kind.hint : undefined;
  return (
    <TextField
      {...{ label, help, fault, isRequired }}
      value={shown(value)}
      placeholder={usual ?? hint}
      known={names[PROPOSED[key] ?? '']}
      {...(kind.kind === 'whole' ? { inputMode: 'numeric' as const } : {})}
      onWrite={(next) => onWrite(kind.kind === 'whole' && /^\d+$/.test(next) ? Number(next) : next)}
    />
  );
}

/** Yes or no, or one of some words; or what counts when nothing is written. */
function Choice({ kind, ...props }: SortProps & { readonly kind: Extract<Kind, { kind: 'choice' | 'flag' }> }) {
  const { label, help, fault, value, schema, isRequired, onWrite } = props;
  const texts = useTexts(centreTexts);
  const words = useTexts(choiceText);
  const values = kind.kind === 'flag' ? ['true', 'false'] : kind.values;
  const usual = schema.default === undefined ? texts.notSet : texts.byDefault(words(String(schema.default)));
  return (
    <NativeSelect
      {...{ label, description: help, error: fault, withAsterisk: isRequired }}
      data={[
        ...(isRequired && !isBlank(value) ? [] : [{ value: '', label: usual }]),
        ...values.map((one) => ({ value: one, label: words(one) })),
      ]}
      value={shown(value)}
      onChange={({ currentTarget: { value: next } }) =>
        onWrite(kind.kind === 'flag' && next !== '' ? next === 'true' : next)
      }
    />
  );
}

function Several({ values, ...props }: SortProps & { readonly values: readonly string[] }) {
  const { label, help, fault, value, schema, keys, onWrite } = props;
  const words = useTexts(choiceText);
  return (
    <Checkbox.Group
      {...{ label, description: help, error: fault }}
      value={((value ?? schema.default ?? []) as readonly unknown[]).map(String)}
      onChange={(next) => onWrite(values.filter((one) => next.includes(one)))}
    >
      <Group mt="xs">
        {values.map((one) => (
          <Checkbox key={one} value={one} label={words(one, keys.at(-1))} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

function Lines({ label, help, fault, value, hint, isRequired, onWrite }: SortProps & { readonly hint: string }) {
  const texts = useTexts(centreTexts);
  const written = [value ?? []].flat().map(String).join('\n');
  const values = (text: string): string[] =>
    text
      .split(/[\n,]+/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
  return (
    <LinesField
      {...{ label, fault, isRequired }}
      help={[help, texts.onePerLine, hint].filter((part) => part !== '').join(' ')}
      value={written}
      onWrite={(next) => {
        const found = values(next);
        onWrite(found.length === 0 && !isRequired ? undefined : found);
      }}
    />
  );
}

function PerLanguage({ path, label, help, fault, value, isRequired }: SortProps) {
  const texts = useTexts(centreTexts);
  const { languages, issues, write } = useSurroundings();
  const versions = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isLong = Object.values(versions).some((one) => String(one).length > 60);
  const Input = isLong ? LinesField : TextField;
  return (
    <div>
      <SimpleGrid cols={{ base: 1, sm: isLong ? 1 : 2 }}>
        {languages.map((language) => (
          <Input
            key={language}
            label={texts.language(label, language)}
            help={help}
            fault={faultAt(issues, [...path, language], true)}
            isRequired={isRequired}
            value={shown(versions[language])}
            onWrite={(next) => write([...path, language], next === '' ? undefined : next.replaceAll(/\s+/g, ' '))}
          />
        ))}
      </SimpleGrid>
      {fault !== undefined && (
        <Text size="sm" c="red" role="alert">
          {fault}
        </Text>
      )}
    </div>
  );
}

function BlockField({ kind, ...props }: SortProps & { readonly kind: Extract<Kind, { kind: 'block' }> }) {
  const { path, keys, label, help, fault, value } = props;
  return (
    <Fieldset legend={label}>
      {help !== '' && (
        <Text size="sm" c="dimmed" mb="xs">
          {help}
        </Text>
      )}
      {fault !== undefined && (
        <Text size="sm" c="red" role="alert" mb="xs">
          {fault}
        </Text>
      )}
      <Block path={path} keys={keys} properties={kind.properties} required={kind.required} data={value} />
    </Fieldset>
  );
}
