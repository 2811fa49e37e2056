// Fields that are written when they are left or when Enter is pressed: a half-written word changes nothing.
import { Textarea, TextInput } from '@mantine/core';
import { useEffect, useId, useState } from 'react';

interface WrittenProps {
  readonly label: string;
  readonly help?: string | undefined;
  readonly fault?: string | undefined;
  readonly value: string;
  readonly onWrite: (value: string) => void;
  readonly placeholder?: string | undefined;
  readonly isRequired?: boolean | undefined;
}

export interface TextFieldProps extends WrittenProps {
  readonly inputMode?: 'numeric' | 'text';
  readonly isHidden?: boolean;
  /** Words that are proposed; others may be written. */
  readonly known?: readonly string[] | undefined;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onWrite, inputMode = 'text', isHidden, known } = props;
  const { written, write, setWritten } = useWritten(value, onWrite);
  const list = useId();
  return (
    <>
      <TextInput
        {...(isHidden === true ? { 'aria-label': label } : { label })}
        {...around(props)}
        {...(known === undefined ? {} : { list })}
        inputMode={inputMode}
        autoComplete="off"
        value={written}
        onChange={({ currentTarget }) => setWritten(currentTarget.value)}
        onBlur={write}
        onKeyDown={({ key }) => key === 'Enter' && write()}
      />
      {known !== undefined && (
        <datalist id={list}>
          {known.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** Several lines; Enter begins the next one. */
export function LinesField(props: WrittenProps) {
  const { label, value, onWrite } = props;
  const { written, write, setWritten } = useWritten(value, onWrite);
  return (
    <Textarea
      label={label}
      {...around(props)}
      autosize
      minRows={2}
      maxRows={12}
      value={written}
      onChange={({ currentTarget }) => setWritten(currentTarget.value)}
      onBlur={write}
    />
  );
}

function around({ help, fault, placeholder, isRequired }: WrittenProps) {
  return {
    ...(help === undefined || help === '' ? {} : { description: help }),
    ...(fault === undefined ? {} : { error: fault }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(isRequired === true ? { withAsterisk: true } : {}),
  };
}

function useWritten(value: string, onWrite: (value: string) => void) {
  const [written, setWritten] = useState(value);
  useEffect(() => setWritten(value), [value]);
  const write = (): void => {
    if (written.trim() !== value) onWrite(written.trim());
  };
  return { written, write, setWritten };
}
