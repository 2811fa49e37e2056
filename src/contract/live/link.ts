// How a browser and Hilo keep their WebSocket: in a file without schemas, so that pages do not load them.

export const LIVE_PATH = '/api/live';
/** A server that has nothing to tell says so this often; who hears nothing for three times as long connects again. */
export const BEAT_MS = 10_000;
