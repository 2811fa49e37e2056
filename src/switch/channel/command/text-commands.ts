// Owns the command that writes to a remote party with real-time text; FreeSWITCH has none of this name.
import { OK, onChannel } from './command.js';

/** `uuid_send_text <uuid> <percent-encoded text>`: towards the peer, as typed characters (RFC 4103). */
export const uuidSendText = onChannel((channel, { words }) => {
  const text = decoded(words[1] ?? '');
  if (text === undefined || text === '') return '-USAGE: <uuid> <percent-encoded text>\n';
  return channel.sendText(text) ? OK : '-ERR no text\n';
});

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
