// The keys of a telephone, for menus of whoever is called.
import { Button, SimpleGrid } from '@mantine/core';
import { useTexts } from '../texts/language.js';
import { phoneTexts } from './texts.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function KeyPad({ onKey }: { readonly onKey: (key: string) => void }) {
  const texts = useTexts(phoneTexts);
  return (
    <SimpleGrid cols={3} spacing="xs" w={220} role="group" aria-label={texts.keys}>
      {KEYS.map((key) => (
        <Button key={key} variant="default" onClick={() => onKey(key)}>
          {key}
        </Button>
      ))}
    </SimpleGrid>
  );
}
