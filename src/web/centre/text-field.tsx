// A field that is written when it is left or when Enter is pressed: a half-written word changes nothing.
import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

export interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onWrite: (value: string) => void;
  readonly placeholder?: string | undefined;
  readonly inputMode?: 'numeric' | 'text';
  readonly isHidden?: boolean;
}

export function TextField({ label, value, onWrite, placeholder, inputMode = 'text', isHidden }: TextFieldProps) {
  const [written, setWritten] = useState(value);
  useEffect(() => setWritten(value), [value]);
  const write = (): void => {
    if (written !== value) onWrite(written.trim());
  };
  return (
    <TextInput
      {...(isHidden === true ? { 'aria-label': label } : { label })}
      {...(placeholder === undefined ? {} : { placeholder })}
      inputMode={inputMode}
      autoComplete="off"
      value={written}
      onChange={({ currentTarget }) => setWritten(currentTarget.value)}
      onBlur={write}
      onKeyDown={({ key }) => key === 'Enter' && write()}
    />
  );
}
