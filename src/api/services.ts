// What the API needs of the running centre: its owners, cut down to what is used, and a few functions.

import type { Audit } from '../app/audit.js';
import type { Recordings } from '../app/call/recordings.js';
import type { CallbackDesk } from '../app/callback/desk.js';
import type { PlacedCalls } from '../app/callback/placed-calls.js';
import type { ChatDoor } from '../app/chat/chat-door.js';
import type { ChatMatters } from '../app/chat/chat-matters.js';
import type { Beginning } from '../app/conversation/beginning.js';
import type { ConversationWorks } from '../app/conversation/conversation-works.js';
import type { ConversationDesk } from '../app/conversation/desk.js';
import type { AttachmentFiles } from '../app/conversation/files.js';
import type { AgentDevices } from '../app/desk/agent-devices.js';
import type { AgentHistory } from '../app/desk/agent-history.js';
import type { AgentSkills } from '../app/desk/agent-skills.js';
import type { CallOffers } from '../app/desk/call-offers.js';
import type { ComingBack } from '../app/desk/coming-back.js';
import type { Desk } from '../app/desk/desk.js';
import type { WebPhones } from '../app/desk/web-phones.js';
import type { Emergency } from '../app/emergency/emergency.js';
import type { Figures } from '../app/figures/figures.js';
import type { Agents } from '../app/floor/agents.js';
import type { LiveState } from '../app/floor/live-state.js';
import type { Works } from '../app/floor/works.js';
import type { Flows } from '../app/flows.js';
import type { Guide } from '../app/guide/guide.js';
import type { Sandbox, Webhook } from '../app/message/messenger.js';
import type { ChannelTrials } from '../app/message/trial.js';
import type { Errands } from '../app/nodes/errands.js';
import type { SharedTalks } from '../app/nodes/shared-talks.js';
import type { WorkActs } from '../app/owed/work-acts.js';
import type { WorkList } from '../app/owed/work-list.js';
import type { Job, RecordStore } from '../app/ports.js';
import type { PromptCatalogue } from '../app/prompts/prompt-catalogue.js';
import type { CentreNames } from '../app/publishing/centre-names.js';
import type { FlowHistory } from '../app/publishing/flow-history.js';
import type { FlowNames } from '../app/publishing/flow-names.js';
import type { Rollouts } from '../app/publishing/rollouts.js';
import type { Reconciler } from '../app/reconciler.js';
import type { CallAccounts } from '../app/record/call-accounts.js';
import type { Contacts } from '../app/record/contacts.js';
import type { Interactions } from '../app/record/interactions.js';
import type { Profiles } from '../app/record/profiles.js';
import type { RecordingFiles } from '../app/recording/kept-recordings.js';
import type { Alarms } from '../app/supervision/alarms.js';
import type { Monitoring } from '../app/supervision/monitoring.js';
import type { Notices } from '../app/supervision/notices.js';
import type { Places } from '../app/supervision/places.js';
import type { Teams } from '../app/supervision/teams.js';
import type { Talks } from '../app/talk/talks.js';
import type { AccountStore, UserStore } from '../app/users.js';
import type { Visits } from '../app/visits/visits.js';
import type { WaitHistory } from '../app/waiting/wait-history.js';
import type { StepsToday } from '../app/walkers/steps-today.js';
import type { Walkers } from '../app/walkers/walkers.js';
import type { Webhooks } from '../app/webhooks/webhooks.js';
import type { Writing } from '../app/writing/writing.js';
import type { WireChannelAccount } from '../contract/account/channel-account.js';
import type { Prompt } from '../core/ivr/ask.js';
import type { Centre } from '../core/routing/centre.js';
import type { Clock } from '../lib/clock.js';
import type { Ids } from '../lib/ids.js';
import type { Log } from '../lib/log.js';

export interface PartHealth {
  readonly name: string;
  readonly up: boolean;
  /** No calls can be taken while it is down. */
  readonly needed: boolean;
  readonly detail?: string;
}

/** A job that failed every time it was tried. */
export interface FailedJob {
  readonly id: string;
  readonly job: Job;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAtMs: number;
}

/** A SIP or media server, `host:port`. */
export interface ServerState {
  readonly server: string;
  readonly kind: 'signalling' | 'media';
  readonly state: string;
  readonly standing: 'in' | 'doubted' | 'returning' | 'dead';
  readonly draining: boolean;
  readonly legs?: number;
  readonly reason?: string;
}

/** How much load there is, and what of the new calls is refused for it. */
export interface LoadState {
  readonly state: 'open' | 'limited';
  /** New calls let in a second; absent: no bound. */
  readonly ratePerS?: number;
  readonly refused: number;
  /** Each measure over the most that can be borne. */
  readonly pressures: Readonly<Record<string, number>>;
}

export interface ApiServices {
  readonly records: Pick<RecordStore, 'find' | 'read'>;
  /** What agents do with written conversations, who has which, and their files. */
  readonly conversations: {
    readonly conversationDesk: Pick<
      ConversationDesk,
      'send' | 'read' | 'upload' | 'transfer' | 'close' | 'finish' | 'call'
    >;
    readonly beginning: Pick<Beginning, 'channels' | 'begin'>;
    readonly conversationWorks: Pick<ConversationWorks, 'held'>;
    readonly files: Pick<AttachmentFiles, 'find'>;
  };
  readonly contacts: Pick<Contacts, 'ofCaller' | 'save'>;
  readonly users: UserStore;
  readonly accounts: AccountStore;
  readonly audit: Pick<Audit, 'note' | 'find'>;
  readonly profiles: Pick<Profiles, 'historyOf' | 'merge' | 'unmerge'>;
  readonly recordingFiles: Pick<RecordingFiles, 'find' | 'wave'>;
  readonly agents: Pick<Agents, 'all' | 'one' | 'presence' | 'setState' | 'onDevice'>;
  readonly live: Pick<LiveState, 'entries' | 'entry' | 'onChange' | 'onReset'>;
  readonly works: Pick<Works, 'open' | 'accept' | 'refuse' | 'finish' | 'cancel'>;
  readonly flows: Pick<
    Flows,
    | 'centre'
    | 'catalogue'
    | 'names'
    | 'source'
    | 'revisionOf'
    | 'check'
    | 'publish'
    | 'issues'
    | 'tests'
    | 'publishTests'
    | 'onChange'
  >;
  readonly stepsToday: Pick<StepsToday, 'of'>;
  readonly flowNames: Pick<FlowNames, 'references' | 'remove' | 'rename'>;
  readonly centreNames: Pick<CentreNames, 'look' | 'rename'>;
  readonly prompts: Pick<
    PromptCatalogue,
    | 'all'
    | 'one'
    | 'isInFolder'
    | 'isHeard'
    | 'revisions'
    | 'sound'
    | 'setText'
    | 'setSound'
    | 'remove'
    | 'removeAll'
    | 'rollBack'
  >;
  /** A WAV that says a text, to listen to. Rejects when it cannot be spoken. */
  readonly speech: (text: string, language: string, voice?: string) => Promise<Uint8Array>;
  /** The WAV that callers hear of a prompt; undefined: nothing. Rejects when it cannot be read or spoken. */
  readonly heard: (prompt: Prompt) => Promise<Uint8Array | undefined>;
  readonly flowHistory: Pick<FlowHistory, 'revisions' | 'textOf' | 'journal' | 'note'>;
  readonly rollouts: Pick<Rollouts, 'begin' | 'of' | 'promote' | 'abort'>;
  readonly emergency: Pick<Emergency, 'present' | 'set' | 'clear'>;
  readonly figures: Pick<Figures, 'read' | 'rebuild'>;
  readonly guide: Pick<
    Guide,
    'search' | 'article' | 'suggestions' | 'removed' | 'write' | 'change' | 'remove' | 'restore' | 'revisions'
  >;
  readonly waits: Pick<WaitHistory, 'newcomer'>;
  readonly callbackDesk: Pick<CallbackDesk, 'ask' | 'request' | 'pending' | 'cancel' | 'lost' | 'figures'>;
  readonly placedCalls: Pick<PlacedCalls, 'place' | 'cancel' | 'of' | 'agents' | 'queuesOf' | 'onChange'>;
  readonly workList: Pick<WorkList, 'open' | 'done'>;
  readonly workActs: Pick<
    WorkActs,
    'take' | 'release' | 'times' | 'postpone' | 'cancel' | 'settle' | 'heard' | 'done' | 'reopen'
  >;
  readonly writing: Pick<Writing, 'write' | 'reaches'>;
  readonly talks: Pick<Talks, 'of' | 'find' | 'takeOver' | 'cutOff' | 'onChange'>;
  /** This node, as the live state calls it. */
  readonly node: string;
  readonly errands: Pick<Errands, 'ask' | 'onErrand'>;
  readonly sharedTalks: Pick<SharedTalks, 'of' | 'leads' | 'look' | 'unaccounted'>;
  readonly alarms: Pick<Alarms, 'given' | 'acknowledged' | 'setLimits' | 'clearLimits' | 'acknowledge' | 'onChange'>;
  readonly teams: Pick<Teams, 'of' | 'names' | 'move' | 'back' | 'onChange'>;
  readonly places: Pick<Places, 'prioritise' | 'move'>;
  readonly notices: Pick<Notices, 'present' | 'onChange' | 'send' | 'takeBack'>;
  readonly recordings: Pick<Recordings, 'stateOf' | 'pause' | 'onChange'>;
  readonly desk: Pick<Desk, 'setState' | 'finishWrapUp' | 'prolongWrapUp' | 'dispose' | 'note'>;
  readonly callOffers: Pick<CallOffers, 'refuse'>;
  readonly agentSkills: Pick<AgentSkills, 'set' | 'decisions'>;
  readonly agentHistory: Pick<AgentHistory, 'times' | 'presence'>;
  /** The files, with what supervisors changed meanwhile. */
  readonly centre: () => Centre;
  readonly monitoring: Pick<Monitoring, 'of' | 'start' | 'change' | 'stop'>;
  readonly interactions: Pick<Interactions, 'onEvent' | 'resume' | 'snapshot'>;
  readonly callAccounts: Pick<CallAccounts, 'counts' | 'endedTwice'>;
  readonly reconciler: Pick<Reconciler, 'unaccounted' | 'found'>;
  /** Newest first. Rejects with HiloError `store-unavailable`. */
  readonly failedJobs: (limit: number) => Promise<readonly FailedJob[]>;
  /** The chat on web pages; absent: this process has none. */
  readonly chat?: {
    readonly door: ChatDoor;
    readonly matters: Pick<ChatMatters, 'opening' | 'callable' | 'callMe' | 'watch'>;
  };
  /** Present when the sandbox is one of the channels. */
  readonly sandbox?: Sandbox;
  /** Where browsers speak SIP with us: `ws://127.0.0.1:5066`, `wss://…`. */
  readonly webSockets: () => readonly string[];
  /** Where they do when something stands in front of us (HILO_WEB_SIP_URL); absent: there. */
  readonly webSipUrl?: string;
  /** Secrets that are read again are sealed with it; the same on all nodes. */
  readonly sealKey: () => string;
  readonly webPhones: Pick<WebPhones, 'secretFor'>;
  readonly agentDevices: Pick<AgentDevices, 'of' | 'choose'>;
  readonly comingBack: Pick<ComingBack, 'again'>;
  readonly walkers: Pick<Walkers, 'all' | 'onChange'>;
  readonly visits: Pick<Visits, 'begin' | 'seen' | 'end'>;
  readonly webhooks: readonly Webhook[];
  readonly subscriptions: Pick<
    Webhooks,
    'all' | 'make' | 'change' | 'remove' | 'newSecret' | 'deliveries' | 'test' | 'replay'
  >;
  /** Without their secrets. */
  readonly channelAccounts: readonly WireChannelAccount[];
  readonly channelTrials: Pick<ChannelTrials, 'send'>;
  readonly servers: () => readonly ServerState[];
  /** False: no server has that name. */
  readonly drainServer: (server: string, draining: boolean) => boolean;
  readonly load: () => LoadState;
  readonly health: () => readonly PartHealth[];
  /** What each owner has to tell to somebody who debugs, by name. */
  readonly snapshots: () => Readonly<Record<string, object>>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
