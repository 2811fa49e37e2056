// Where the bot of a step is.

import type { WebRequest } from '../outside/web-request.js';
import type { RuleBot } from './rule-bot.js';

/** Where the bot is: an endpoint for one POST per turn, a WebSocket for the whole talk, or rules in the flow. */
export type BotPlace =
  | { readonly via: 'http'; readonly request: WebRequest }
  | { readonly via: 'websocket'; readonly request: WebRequest }
  | { readonly via: 'rules'; readonly rules: RuleBot };
