// Every bound of the HTTP side in one place.

export interface ApiLimits {
  /** Body of an ordinary request. */
  readonly bodyBytes: number;
  /** Text of a flow: 65 536 characters, which is what the compiler takes, in UTF-8. */
  readonly flowBytes: number;
  /** Texts of flows in all. */
  readonly flows: number;
  /** Meta sends batches of up to 3 MB. */
  readonly webhookBytes: number;
  /** A message of a browser on its WebSocket: nothing is to be said there. */
  readonly socketBytes: number;
  /** For request line and headers to arrive. */
  readonly headersMs: number;
  /** For the whole request to arrive. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** A connection on which nothing moves. */
  readonly idleMs: number;
  /** For requests under way when the server closes. */
  readonly closeMs: number;
  readonly connections: number;
  /** Requests of one address within {@link windowMs}. */
  readonly requests: number;
  /** Flows checked for one address within {@link windowMs}: compiling is work. */
  readonly checks: number;
  readonly windowMs: number;
  /** Call-backs asked for by strangers of one address within {@link formsWindowMs}. */
  readonly forms: number;
  readonly formsWindowMs: number;
  /** Messages of visitors of web pages at one address, within {@link chatWindowMs}: many may share one. */
  readonly chatMessages: number;
  readonly chatWindowMs: number;
  /** Files that visitors at one address upload within {@link formsWindowMs}. */
  readonly chatFiles: number;
  /** WebSockets of visitors at one address. */
  readonly chatSockets: number;
  /** Wrong passwords for one user from one address within {@link signInWindowMs}. */
  readonly signInFailures: number;
  /** Wrong passwords from one address within {@link signInWindowMs}, whoever the user. */
  readonly signInFailuresOfAddress: number;
  readonly signInWindowMs: number;
  readonly tokenMs: number;
}

export const LIMITS: ApiLimits = {
  bodyBytes: 64 * 1024,
  flowBytes: 256 * 1024,
  flows: 400,
  webhookBytes: 4 * 1024 * 1024,
  socketBytes: 1024,
  headersMs: 5_000,
  requestMs: 15_000,
  keepAliveMs: 30_000,
  idleMs: 60_000,
  closeMs: 5_000,
  connections: 2_000,
  requests: 5_000,
  checks: 30,
  windowMs: 10_000,
  forms: 5,
  formsWindowMs: 10 * 60_000,
  chatMessages: 120,
  chatWindowMs: 60_000,
  chatFiles: 20,
  chatSockets: 50,
  signInFailures: 5,
  signInFailuresOfAddress: 50,
  signInWindowMs: 10 * 60_000,
  tokenMs: 12 * 3_600_000,
};
