// Where the bot of a step is.
import type { RuleBot } from './rule-bot.js';
import type { WebRequest } from './web-request.js';

/** Where the bot is: an endpoint for one POST per turn, a WebSocket for the whole talk, or rules in the flow. */
export type BotPlace =
  | { readonly via: 'http'; readonly request: WebRequest }
  | { readonly via: 'websocket'; readonly request: WebRequest }
  | { readonly via: 'rules'; readonly rules: RuleBot };
