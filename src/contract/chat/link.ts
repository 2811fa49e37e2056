// How the chat's page and Hilo talk: in a file without schemas, so that the page does not load them.

export const CHAT_PATH = '/api/chat';
export const CHAT_LIVE_PATH = `${CHAT_PATH}/live`;
export const CHAT_MESSAGES_PATH = `${CHAT_PATH}/messages`;
export const CHAT_FILES_PATH = `${CHAT_PATH}/files`;
export const CHAT_CALL_BACK_PATH = `${CHAT_PATH}/call-back`;
/** The page that is shown in a frame, and the script that other sites load. */
export const CHAT_PAGE = '/chat';
export const CHAT_SCRIPT = '/chat.js';
/** Who hears nothing for three times as long connects again. */
export const CHAT_BEAT_MS = 20_000;
/** Nobody knows the visitor (any more): what they write next begins anew. */
export const CHAT_CLOSE = { unknown: 4404, busy: 4429, policy: 1008, away: 1011 } as const;
