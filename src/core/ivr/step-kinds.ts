// The words that may stand after `do:` in a flow.

import { bot } from './bot/bot.js';
import { callback } from './dialogue/callback.js';
import { survey } from './dialogue/survey.js';
import { branch } from './node/branch.js';
import { flow } from './node/flow.js';
import { forward } from './node/forward.js';
import { gather } from './node/gather.js';
import { goto } from './node/goto.js';
import { hangup } from './node/hangup.js';
import { hours } from './node/hours.js';
import { menu } from './node/menu.js';
import { message } from './node/message.js';
import { play } from './node/play.js';
import { queue } from './node/queue.js';
import { returnStep } from './node/return.js';
import { say } from './node/say.js';
import { set } from './node/set.js';
import { voicemail } from './node/voicemail.js';
import { guess } from './outside/guess.js';
import { http } from './outside/http.js';
import { lookUp } from './outside/look-up.js';
import type { StepKind } from './step-kind.js';

export const STEP_KINDS: Readonly<Record<string, StepKind>> = {
  say,
  play,
  menu,
  gather,
  set,
  branch,
  hours,
  queue,
  forward,
  voicemail,
  message,
  callback,
  survey,
  http,
  customer: lookUp,
  guess,
  bot,
  hangup,
  goto,
  flow,
  return: returnStep,
};
