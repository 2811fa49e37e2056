// Turns `centre.yaml` into the {@link Centre}, or into the list of all its mistakes.
import type { Destination, QueueConfig } from '../acd/queue.js';
import { wrapUpMsOf } from '../acd/wrap-up.js';
import { budgetsOf } from '../document/budgets.js';
import { type Compiled, compareIssues, type Issue, isError, type SourceFile } from '../document/issue.js';
import { findOtherNumber } from '../document/other-number.js';
import { runLimitsOf } from '../document/run-limits.js';
import { findSecrets } from '../document/secrets.js';
import { issuesOfShape } from '../document/shape.js';
import { adviseName } from '../document/spelling.js';
import { compileTemplate } from '../document/template.js';
import { MAX_ISSUES, type Path, readYaml, type YamlText } from '../document/yaml-text.js';
import { CANNED_TEXTS, FREE_TEXT_NAMES, OPTIONAL_TEXTS, WAITING_TEXT_NAMES } from './canned-texts.js';
import type { AgentConfig, Centre, DeviceConfig, ForwardRule, NumberConfig, TrunkConfig } from './centre.js';
import { centreSchema, type RawCentre } from './centre-shape.js';
import { backOffOf, breaksOf, dispositionsOf } from './desk-config.js';
import { chatOf, checkChat } from './keys/chat-keys.js';
import { channelsOf, checkChoice, choiceOf, choiceOfAgent } from './keys/choice-keys.js';
import { checkConversations, conversationsOf } from './keys/conversation-keys.js';
import { checkFormerNames, formerNamesOf, QueuesByName } from './keys/former-names.js';
import { visitorNumber } from './keys/try-out.js';
import { checkHours, hoursOf } from './opening/hours-shape.js';
import { checkNumber } from './outbound.js';
import { recoveryOf } from './recovery-config.js';
import { waitingOf } from './waiting-config.js';

/** `around.flows`: names of the flows that numbers may lead to. */
export function compileCentre(source: SourceFile, around: { readonly flows: ReadonlySet<string> }): Compiled<Centre> {
  const text = readYaml(source);
  if (text.value === undefined) return { ok: false, issues: text.issues };
  const checked = centreSchema.safeParse(text.value);
  const shape = checked.success ? [] : issuesOfShape(checked.error, [], text);
  const issues = [...text.issues, ...findSecrets(source), ...shape];
  if (checked.success) issues.push(...new Names(checked.data, text, around.flows).check());
  const told = issues.toSorted(compareIssues).slice(0, MAX_ISSUES);
  if (issues.some(isError) || !checked.success) return { ok: false, issues: told };
  return { ok: true, value: { ...centreOf(checked.data), revision: source.revision }, warnings: told };
}

/** Second pass: everything that is named has to be there. */
class Names {
  private readonly issues: Issue[] = [];

  constructor(
    private readonly raw: RawCentre,
    private readonly text: YamlText,
    private readonly flows: ReadonlySet<string>,
  ) {}

  check(): Issue[] {
    const { raw } = this;
    for (const [number, { to, forwards }] of Object.entries(raw.numbers)) {
      if (to.kind === 'flow') this.known(['numbers', number, 'to', 'flow'], 'flow', to.flow, this.flows);
      else this.destination(['numbers', number, 'to'], to);
      this.forwards(['numbers', number, 'forwards'], forwards);
    }
    for (const [name, queue] of Object.entries(raw.queues)) this.queue(name, queue);
    for (const part of ['queues', 'agents'] as const)
      checkFormerNames(part, raw[part], (path, message, advice) => this.issue(path, message, advice));
    this.agents();
    for (const [name, { title }] of Object.entries(raw.breaks)) this.perLanguage(['breaks', name, 'title'], title);
    const exit = raw.limits?.exit;
    if (exit !== undefined) this.known(['limits', 'exit'], 'queue', exit, Object.keys(raw.queues));
    const { text, 'callback-hours': callbackHours } = raw.recovery;
    this.known(['recovery', 'text'], 'text', text, Object.keys(raw.texts));
    if (callbackHours !== undefined) {
      this.known(['recovery', 'callback-hours'], 'opening hours', callbackHours, Object.keys(raw.hours));
      if (raw.hours[callbackHours]?.open.length === 0) {
        this.issue(
          ['recovery', 'callback-hours'],
          `'${callbackHours}' never opens`,
          'nobody would ever be called back',
        );
      }
    }
    for (const [index, queue] of (raw.recovery['web-form']?.queues ?? []).entries()) {
      this.known(['recovery', 'web-form', 'queues', index], 'queue', queue, Object.keys(raw.queues));
    }
    for (const [name, hours] of Object.entries(raw.hours)) {
      for (const { path, message, advice } of checkHours(hours)) this.issue(['hours', name, ...path], message, advice);
    }
    this.tryOut();
    this.conversations();
    this.texts();
    return this.issues;
  }

  private queue(name: string, queue: RawCentre['queues'][string]): void {
    this.perLanguage(['queues', name, 'title'], queue.title);
    this.destination(['queues', name, 'overflow'], queue.overflow);
    if (queue.overflow.kind === 'queue' && queue.overflow.queue === name) {
      this.issue(
        ['queues', name, 'overflow'],
        'a queue cannot overflow into itself',
        'another queue, voicemail, message …',
      );
    }
    this.waiting(name, queue);
    this.choice(name, queue);
    for (const [code, title] of Object.entries(queue.dispositions?.codes ?? {})) {
      this.perLanguage(['queues', name, 'dispositions', 'codes', code], title);
    }
  }

  private choice(name: string, queue: RawCentre['queues'][string]): void {
    const agents = Object.values(this.raw.agents);
    checkChoice(['queues', name], queue, {
      agents: Object.keys(this.raw.agents),
      teams: [...new Set(agents.flatMap(({ team }) => (team === undefined ? [] : [team])))],
      issue: (path, message, advice) => this.issue(path, message, advice),
      known: (path, what, wanted, names) => this.known(path, what, wanted, names),
    });
  }

  private waiting(name: string, queue: RawCentre['queues'][string]): void {
    const path: Path = ['queues', name];
    for (const [key, to] of Object.entries(queue.exits)) {
      this.elsewhere([...path, 'exits', key], name, to);
      if (key === queue['exit-key'])
        this.issue([...path, 'exits', key], `'${key}' is the exit-key too`, 'one of the two');
    }
    if (queue.divert !== undefined) this.elsewhere([...path, 'divert', 'to'], name, queue.divert.to);
    for (const [index, { text }] of queue.announcements.entries()) {
      this.known([...path, 'announcements', index, 'text'], 'text', text, Object.keys(this.raw.texts));
    }
    if (queue['say-wait']) this.needed([...path, 'say-wait'], 'queue-wait');
    if (queue.callbacks.first === 'customer') this.needed([...path, 'callbacks', 'first'], 'callback-accept');
  }

  /** A destination that must not lead back into the same queue. */
  private elsewhere(path: Path, queue: string, to: Destination): void {
    this.destination(path, to);
    if (to.kind === 'queue' && to.queue === queue)
      this.issue(path, 'this leads back into the same queue', 'another place');
  }

  private needed(path: Path, text: string): void {
    if (!(text in this.raw.texts)) this.issue(path, `the text '${text}' is missing`, `add it under texts`);
  }

  private agents(): void {
    const owners = new Map<string, string>();
    for (const [name, agent] of Object.entries(this.raw.agents)) {
      this.forwards(['agents', name, 'forwards'], agent.forwards);
      for (const [index, { sip, browser, number, security }] of agent.devices.entries()) {
        const path: Path = ['agents', name, 'devices', index];
        if ([sip, browser, number].filter((one) => one !== undefined).length !== 1)
          this.issue(path, 'a device is either sip, browser or number', '');
        if (number !== undefined) this.dialable([...path, 'number'], number);
        if (number !== undefined && security !== undefined)
          this.issue([...path, 'security'], 'a number has no security of its own', 'it is the trunk that is called');
        if (browser !== undefined && security !== undefined)
          this.issue([...path, 'security'], 'a browser has its own security', 'it always talks DTLS-SRTP');
        const registered = sip ?? browser;
        if (registered === undefined) continue;
        const owner = owners.get(registered);
        if (owner !== undefined) {
          const key = sip === undefined ? 'browser' : 'sip';
          this.issue([...path, key], `'${registered}' already belongs to ${owner}`, 'a device has one agent');
        }
        owners.set(registered, name);
      }
    }
  }

  private conversations(): void {
    const known: Names['known'] = (path, what, wanted, names) => this.known(path, what, wanted, names);
    const perLanguage: Names['perLanguage'] = (path, versions) => this.perLanguage(path, versions);
    checkChat(this.raw, { known, perLanguage, issue: (path, message, advice) => this.issue(path, message, advice) });
    checkConversations(this.raw.conversations, Object.keys(this.raw.queues), {
      ...{ known, perLanguage },
      textIssue: (path, offset, severity, message, advice) => {
        const place = this.text.placeInside(path, offset);
        this.issues.push({ severity, file: this.text.file, ...place, message, advice });
      },
    });
  }

  private tryOut(): void {
    const { 'try-out': tryOut, numbers, agents, trunks } = this.raw;
    if (tryOut === undefined) return;
    this.known(['try-out', 'number'], 'number', tryOut.number, Object.keys(numbers));
    this.known(['try-out', 'agent'], 'agent', tryOut.agent, Object.keys(agents));
    this.known(['try-out', 'trunk'], 'trunk', tryOut.trunk, Object.keys(trunks));
    if (agents[tryOut.agent]?.devices.every(({ sip }) => sip === undefined))
      this.issue(['try-out', 'agent'], `${tryOut.agent} has no sip device`, 'the browser takes its place');
    this.dialable(['try-out', 'customers'], visitorNumber(tryOut, 0));
  }

  private texts(): void {
    for (const key of Object.keys(CANNED_TEXTS)) {
      if (!(key in this.raw.texts))
        this.issue(['texts'], `the text '${key}' is missing`, 'Hilo says it to callers', 'key');
    }
    const announced = new Set(
      Object.values(this.raw.queues).flatMap(({ announcements }) => announcements.map(({ text }) => text)),
    );
    const namesOf = (key: string): readonly string[] =>
      CANNED_TEXTS[key] ?? OPTIONAL_TEXTS[key] ?? (announced.has(key) ? WAITING_TEXT_NAMES : FREE_TEXT_NAMES);
    for (const [key, versions] of Object.entries(this.raw.texts)) {
      this.perLanguage(['texts', key], versions);
      for (const [language, source] of Object.entries(versions)) {
        this.staysInTheCall(['texts', key, language], source);
        const compiled = compileTemplate(source, namesOf(key), language);
        const severity = compiled.ok ? 'warning' : 'error';
        for (const { message, advice, offset } of compiled.ok ? compiled.doubts : [compiled]) {
          const path: Path = ['texts', key, language];
          const place = this.text.placeInside(path, offset);
          this.issues.push({ severity, file: this.text.file, ...place, path, message, advice });
        }
      }
    }
  }

  /** Who calls or writes is to be helped there, not sent to another number. */
  private staysInTheCall(path: Path, source: string): void {
    const found = findOtherNumber(source);
    if (found === undefined) return;
    const message = `this text sends people to another number: '${found.words}'`;
    const place = this.text.placeInside(path, found.offset);
    const advice = 'take them there: forward, queue, or a call-back';
    this.issues.push({ severity: 'warning', file: this.text.file, ...place, path, message, advice });
  }

  private forwards(path: Path, rules: readonly ForwardRule[]): void {
    const seen = new Set<string>();
    for (const [index, { when, to }] of rules.entries()) {
      this.destination([...path, index, 'to'], to);
      if (seen.has(when)) this.issue([...path, index, 'when'], `'${when}' is here twice`, 'only the first would count');
      seen.add(when);
    }
  }

  private destination(path: Path, to: Destination): void {
    if (to.kind === 'queue') this.known([...path, 'queue'], 'queue', to.queue, Object.keys(this.raw.queues));
    if (to.kind === 'agent') this.known([...path, 'agent'], 'agent', to.agent, Object.keys(this.raw.agents));
    if (to.kind === 'number') this.dialable([...path, 'number'], to.number);
  }

  private dialable(path: Path, number: string): void {
    const check = checkNumber(number, policyOf(this.raw), this.raw.country);
    if (!check.ok) this.issue(path, `'${number}' may not be dialled: ${check.reason}`, 'see outbound');
  }

  private perLanguage(path: Path, versions: Readonly<Record<string, string>>): void {
    for (const language of Object.keys(versions)) {
      if (this.raw.languages.includes(language)) continue;
      const advice = adviseName(language, this.raw.languages);
      this.issue([...path, language], `'${language}' is not a language of the centre`, advice, 'key');
    }
    for (const language of this.raw.languages) {
      if (!(language in versions)) this.issue(path, `the text in '${language}' is missing`, `add ${language}: …`);
    }
  }

  private known(path: Path, what: string, name: string, names: Iterable<string>): void {
    const all = [...names];
    if (!all.includes(name)) this.issue(path, `there is no ${what} '${name}'`, adviseName(name, all));
  }

  private issue(path: Path, message: string, advice: string, part: 'key' | 'value' = 'value'): void {
    const { file } = this.text;
    this.issues.push({ severity: 'error', file, ...this.text.placeOf(path, part), path, message, advice });
  }
}

function centreOf(raw: RawCentre): Centre {
  const [defaultLanguage = 'es'] = raw.languages;
  const named = <T, U>(record: Readonly<Record<string, T>>, make: (name: string, value: T) => U): Map<string, U> =>
    new Map(Object.entries(record).map(([name, value]) => [name, make(name, value)]));
  return {
    name: raw.name,
    timeZone: raw['time-zone'],
    defaultLanguage,
    languages: raw.languages,
    country: raw.country,
    numbers: [
      ...named(raw.numbers, (number, { to, forwards }): NumberConfig => ({ number, entry: to, forwards })).values(),
    ],
    queues: new QueuesByName(named(raw.queues, queueOf)),
    channels: channelsOf(raw.channels),
    agents: named(raw.agents, agentOf),
    formerAgents: formerNamesOf(Object.entries(raw.agents)),
    trunks: [...named(raw.trunks, trunkOf).values()],
    hours: named(raw.hours, (name, hours) => hoursOf(name, hours, raw['time-zone'])),
    outbound: policyOf(raw),
    recovery: recoveryOf(raw.recovery),
    ...{ ...conversationsOf(raw.conversations), ...chatOf(raw.chat) },
    ...(raw.crm === undefined ? {} : { crm: raw.crm }),
    webHosts: raw.http?.hosts ?? new Map(),
    budgets: budgetsOf(raw.budgets),
    limits: runLimitsOf(raw.limits),
    texts: named(raw.texts, (_, versions) => versions),
    breaks: breaksOf(raw),
    backOff: backOffOf(raw),
    ...(raw['try-out'] === undefined ? {} : { tryOut: raw['try-out'] }),
  };
}

function queueOf(name: string, raw: RawCentre['queues'][string]): QueueConfig {
  const exitKey = raw['exit-key'];
  return {
    name,
    ...(raw.formerly.length === 0 ? {} : { formerly: raw.formerly }),
    title: raw.title,
    ...choiceOf(raw),
    priority: raw.priority,
    music: raw.music,
    ringMs: raw.ring,
    maxWaitMs: raw['max-wait'],
    maxLength: raw['max-length'],
    announceEveryMs: raw.announce,
    wrapUp: raw['wrap-up'],
    wrapUpMs: wrapUpMsOf(raw['wrap-up']),
    ...dispositionsOf(raw.dispositions),
    overflow: raw.overflow,
    whenEmpty: raw['when-empty'],
    ...(exitKey === undefined ? {} : { exitKey }),
    serviceLevelMs: raw['service-level'],
    record: raw.record,
    callbackShare: raw['callback-share'] / 100,
    ...waitingOf(raw),
  };
}

function agentOf(name: string, raw: RawCentre['agents'][string]): AgentConfig {
  const devices = raw.devices.map(({ sip, browser, number, security, ring }, index): DeviceConfig => {
    const ringing = ring === undefined ? {} : { ringMs: ring };
    if (browser !== undefined) return { name: browser, kind: 'sip', browser: true, ...ringing };
    if (sip !== undefined)
      return { name: sip, kind: 'sip', ...(security === undefined ? {} : { security }), ...ringing };
    return {
      name: `${name}-number-${index + 1}`,
      kind: 'number',
      ...(number === undefined ? {} : { number }),
      ...ringing,
    };
  });
  const { title, formerly, skills, ring, forwards, role } = raw;
  return {
    ...{ name, title, skills, devices, ring, availableOnRegister: raw['available-on-register'], forwards, role },
    ...(formerly.length === 0 ? {} : { formerly }),
    ...choiceOfAgent(raw),
  };
}

function trunkOf(name: string, raw: RawCentre['trunks'][string]): TrunkConfig {
  const outbound = raw.outbound === undefined ? {} : { outbound: raw.outbound };
  return { name, peers: raw.peers, ...outbound, callerId: raw['caller-id'] };
}

function policyOf({ outbound }: RawCentre): Centre['outbound'] {
  return {
    allowedPrefixes: outbound.allowed,
    deniedPrefixes: outbound.denied,
    premium: outbound.premium,
    maxPerHour: outbound['max-per-hour'],
    maxPerDestinationPerHour: outbound['max-per-destination-per-hour'],
    maxPerDestinationPerDay: outbound['max-per-destination-per-day'],
  };
}
