// The flow studio: the text in force with its draft, or a flow that is begun in this browser.
import './studio.css';
import { Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { PageTitle } from '../shell/page-title.js';
import { useTexts } from '../texts/language.js';
import { keptDraft } from './kept-draft.js';
import { usePublished } from './published.js';
import { studioTexts } from './texts.js';
import { NOTHING, Workplace } from './workplace.js';

export function Studio() {
  const { name } = useParams({ from: '/admin/flows/$name' });
  const texts = useTexts(studioTexts);
  const published = usePublished();
  if (published === undefined) return <Text role="status">{texts.checking}</Text>;
  const inForce = published[name] ?? (keptDraft(localStorage, name) === undefined ? undefined : NOTHING);
  if (inForce === undefined) return <PageTitle>{texts.noSuchFlow(name)}</PageTitle>;
  return <Workplace key={name} name={name} inForce={inForce} texts={published} />;
}
