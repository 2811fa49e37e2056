// A file that goes with a message: a picture when somebody asks for it, everything else as a download.
import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconDownload, IconPaperclip, IconPhoto } from '@tabler/icons-react';
import type { WireAttachment } from '../../../contract/conversation/attachment.js';
import { useLanguage, useTexts } from '../../texts/language.js';
import { conversationTexts } from '../texts.js';
import { useShown } from './shown-files.js';
import { sizeText } from './size.js';

export function FileView({ file }: { readonly file: WireAttachment }) {
  const texts = useTexts(conversationTexts);
  const { language } = useLanguage();
  const [isShown, show] = useShown(file.id);
  const { name, state, type = '', bytes, reason = '', url } = file;
  if (state !== 'ready' || url === undefined) {
    const why = texts.reasons[reason] ?? reason;
    return (
      <Group gap={6} wrap="nowrap">
        <IconPaperclip size={16} aria-hidden />
        <Text size="sm" className="long-text">
          {name}: {texts.attachmentStates[state]}
          {why === '' ? '' : ` (${why})`}
        </Text>
      </Group>
    );
  }
  return (
    <>
      {isShown && <img className="conversation-picture" src={url} alt={texts.picture(name)} />}
      <Group gap="xs">
        {type.startsWith('image/') && !isShown && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPhoto size={16} aria-hidden />}
            aria-label={`${texts.showPicture}: ${name}`}
            onClick={show}
          >
            {texts.showPicture}
          </Button>
        )}
        <Anchor href={url} download={name} size="sm" className="long-text" c="inherit">
          <IconDownload size={16} aria-hidden /> {name}
          {bytes === undefined ? '' : ` · ${sizeText(bytes, language)}`}
        </Anchor>
      </Group>
    </>
  );
}
