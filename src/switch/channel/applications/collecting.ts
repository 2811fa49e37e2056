// Owns play_and_get_digits: prompt, barge-in, time-outs, terminators, regular expression, tries.
import { type Application, NO_RESPONSE, type Run } from '../application.js';
import { splitArguments } from '../expansion.js';
import { DigitEntry } from './digit-entry.js';
import { playFiles } from './playing.js';

/** FreeSWITCH's smallest wait for the first key. */
const FIRST_DIGIT_MS_MIN = 1_000;
export const DIGITS_MAX = 128;
export const TRIES_MAX = 100;

interface Request {
  readonly min: number;
  readonly max: number;
  readonly tries: number;
  readonly timeoutMs: number;
  readonly terminators: string;
  readonly file: string;
  readonly invalidFile: string;
  readonly variable: string;
  readonly pattern: string;
  readonly digitTimeoutMs: number;
}

/** `play_and_get_digits <min> <max> <tries> <timeout> <terminators> <file> <invalid file> <var> <regexp> <digit timeout>` */
export const playAndGetDigits: Application = async (run) => {
  const request = parseRequest(run.argument);
  if (!request)
    return '-ERR usage: min max tries timeout terminators file invalid_file var_name regexp [digit_timeout]';
  const { variables, digits } = run.channel;
  for (const name of [request.variable, `${request.variable}_invalid`, 'read_result', 'read_terminator_used']) {
    variables.set(name, undefined);
  }
  for (let attempt = 0; attempt < request.tries && !run.control.stopped; attempt++) {
    digits.flush();
    const entry = await enter(run, request);
    if (entry.terminator !== undefined) variables.set('read_terminator_used', entry.terminator);
    if (run.control.stopped) break;
    if (accept(run, request, entry)) return NO_RESPONSE;
    if (request.invalidFile !== '') await playFiles(run, request.invalidFile);
  }
  return NO_RESPONSE;
};

/** `read <min> <max> <file> <variable> <timeout> <terminators> [<digit timeout>]`: once, without a pattern. */
export const read: Application = (run) => {
  const [min = '0', max = '1', file = '', variable = '', timeout = '1000', terminators = '#', digitTimeout = ''] =
    splitArguments(run.argument);
  const quoted = [min, max, '1', timeout, terminators, file, '', variable, '', digitTimeout].map((word) => `'${word}'`);
  return playAndGetDigits({ ...run, argument: quoted.join(' ') });
};

/** The prompt and the keys after it. The first key ends the prompt. */
async function enter(run: Run, request: Request): Promise<DigitEntry> {
  const entry = new DigitEntry(request.max, request.terminators);
  const prompt = run.control.part();
  const unlisten = run.channel.digits.listen((digit) => {
    prompt.control.stop('break-all');
    entry.press(digit);
  });
  try {
    if (request.file !== '') await playFiles({ ...run, control: prompt.control }, request.file);
    while (!entry.complete && !run.control.stopped) {
      const limitMs = entry.digits === '' ? request.timeoutMs : request.digitTimeoutMs;
      if (!(await entry.next(run.channel.core.clock, limitMs, run.control))) break;
    }
    return entry;
  } finally {
    prompt.release();
    unlisten();
  }
}

function accept({ channel }: Run, request: Request, entry: DigitEntry): boolean {
  const { variables } = channel;
  const { digits } = entry;
  if (digits.length < request.min) {
    variables.set('read_result', entry.complete ? 'failure' : 'timeout');
    return false;
  }
  if (digits === '') {
    // Nothing was asked for and nothing typed: only a terminator makes that an answer.
    variables.set('read_result', entry.terminator === undefined ? 'timeout' : 'success');
    return entry.terminator !== undefined;
  }
  if (!matches(request.pattern, digits)) {
    variables.set(`${request.variable}_invalid`, digits);
    variables.set('read_result', 'failure');
    return false;
  }
  variables.set(request.variable, digits);
  variables.set('read_result', 'success');
  return true;
}

/** The pattern comes from our own client; one that does not compile matches nothing. */
function matches(pattern: string, digits: string): boolean {
  if (pattern === '') return true;
  try {
    return new RegExp(pattern).test(digits);
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function parseRequest(text: string): Request | undefined {
  const [min, max, tries, timeout, terminators, file, invalidFile, variable, pattern, digitTimeout] =
    splitArguments(text);
  if (variable === undefined || variable === '') return undefined;
  const numbers = [min, max, tries, timeout].map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 0)) return undefined;
  const [least = 0, most = 0, attempts = 0, timeoutMs = 0] = numbers;
  const minimum = Math.min(least, DIGITS_MAX);
  const firstMs = Math.max(timeoutMs, FIRST_DIGIT_MS_MIN);
  const nextMs = Number(digitTimeout);
  return {
    min: minimum,
    max: Math.min(Math.max(most, minimum, 1), DIGITS_MAX),
    tries: Math.min(Math.max(attempts, 1), TRIES_MAX),
    timeoutMs: firstMs,
    terminators: terminators === undefined || terminators === 'none' ? '' : terminators,
    file: file ?? '',
    invalidFile: invalidFile ?? '',
    variable,
    pattern: pattern ?? '',
    digitTimeoutMs: Number.isInteger(nextMs) && nextMs > 0 ? nextMs : firstMs,
  };
}
