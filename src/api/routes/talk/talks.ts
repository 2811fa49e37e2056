// What agents and supervisors do in a conversation: hold, mute, keys, transfer, consult, conference, take over.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ErrorCode, HiloError } from '../../../app/errors.js';
import type { Colleague } from '../../../app/talk/colleagues.js';
import type { TalkSide } from '../../../app/talk/side.js';
import type { Talk } from '../../../app/talk/talk.js';
import type { UserRow } from '../../../app/users.js';
import {
  conferenceWish,
  consultWish,
  digitsWish,
  recordingWish,
  takeOverWish,
  talk as talkShape,
  transferWish,
  type WireTalk,
} from '../../../contract/talk/talk.js';
import type { Destination } from '../../../core/acd/queue.js';
import type { Centre } from '../../../core/routing/centre.js';
import { transferTarget } from '../../../core/routing/transfer-target.js';
import { atLeast, userOf } from '../../access.js';
import type { Api } from '../../api.js';
import { ruleOf } from '../../nodes/held.js';
import type { ApiServices } from '../../services.js';

const tags = ['conversations'];
const params = z.object({ id: z.string().max(64).describe('Id of the interaction.') });
const URL = '/api/calls/:id';
const ERRORS: readonly ErrorCode[] = [
  'not-found',
  'not-allowed',
  'wrong-state',
  'leg-ended',
  'media-time-out',
  'telephony-unavailable',
];

type Services = Pick<ApiServices, 'talks' | 'recordings' | 'centre' | 'audit'>;

export function talkRoutes(api: Api, services: Services): void {
  simpleRoutes(api, services);
  passingOnRoutes(api, services);
  partyRoutes(api, services);
  recordingRoute(api, services);
  takeOverRoute(api, services);
}

/** The talk, for somebody of it or a supervisor. */
function talkOf({ talks }: Services, id: string, user: UserRow): Talk {
  const talk = talks.of(id);
  const isParty = talk.sides.some(({ party }) => party.kind === 'agent' && party.name === user.name);
  if (isParty || atLeast(user, 'supervisor')) return talk;
  throw new HiloError('not-allowed', `${user.name} is not in this conversation`);
}

/** Does something with a talk of the user's, or of anybody for a supervisor, and shows what became of it. */
async function acted(
  services: Services,
  request: Pick<FastifyRequest, 'user' | 'method' | 'routeOptions'> & { readonly params: { readonly id: string } },
  act: (talk: Talk, user: UserRow) => Promise<void>,
): Promise<WireTalk> {
  const { id } = request.params;
  const user = userOf(request);
  const talk = talkOf(services, id, user);
  await noteIfAnothers(services, request, talk);
  await act(talk, user);
  return talkView(services, id, talk);
}

/** What is done with somebody else's conversation is kept: who did it, to which. The part of the path behind the id says what. */
async function noteIfAnothers(
  { audit }: Services,
  request: Pick<FastifyRequest, 'user' | 'method' | 'routeOptions'> & { readonly params: { readonly id: string } },
  talk: Talk,
): Promise<void> {
  const { name: by } = userOf(request);
  if (request.method === 'GET' || talk.sides.some(({ party }) => party.kind === 'agent' && party.name === by)) return;
  const verb = request.routeOptions.url?.slice(URL.length + 1).split('/')[0] ?? '';
  const act = request.method === 'DELETE' ? 'talk-party-removed' : `talk-${verb}`;
  await audit.note({ by, act, on: request.params.id, detail: { agent: talk.main.party.name } });
}

function simpleRoutes(api: Api, services: Services): void {
  const response = { 200: talkShape };
  api.get(
    URL,
    ruleOf('talk', 'agent', { tags, summary: 'A conversation that goes on', params, response }, ERRORS),
    async (request) => acted(services, request, async () => undefined),
  );

  const plain = (
    verb: string,
    about: { readonly summary: string; readonly description?: string },
    act: (talk: Talk, user: UserRow) => Promise<void>,
  ): void => {
    api.post(`${URL}/${verb}`, ruleOf('talk', 'agent', { tags, ...about, params, response }, ERRORS), async (request) =>
      acted(services, request, act),
    );
  };

  plain(
    'hold',
    { summary: 'Put the customer on hold', description: 'They hear the music of the queue.' },
    (talk, { name }) => talk.hold(name, true),
  );
  plain('unhold', { summary: 'Take the customer off hold' }, (talk, { name }) => talk.hold(name, false));
  plain('mute', { summary: 'Switch your microphone off' }, (talk, user) =>
    talk.mute(user.name, sideOf(talk, user), true),
  );
  plain('unmute', { summary: 'Switch your microphone on' }, (talk, user) =>
    talk.mute(user.name, sideOf(talk, user), false),
  );
  plain('complete', { summary: 'Hand the customer over to the consulted colleague' }, (talk, { name }) =>
    talk.complete({ by: name }),
  );
  plain(
    'cancel',
    { summary: 'End the consultation', description: 'Back to the customer, whatever came of it.' },
    (talk) => talk.cancel(),
  );
  plain(
    'hangup',
    {
      summary: 'End the conversation',
      description:
        'In a conference: leave it. A supervisor who is not in it ends it for everybody, and is named in the record.',
    },
    (talk, { name }) => {
      const own = ownSide(talk, name);
      if (own !== undefined) return own.leg.hangUp({ by: 'agent', reason: 'hung-up' });
      return services.talks.cutOff(talk.call.thread.id, name);
    },
  );
}

/** To somebody else, or to ask them first. */
function passingOnRoutes(api: Api, services: Services): void {
  api.post(
    `${URL}/transfer`,
    ruleOf(
      'talk',
      'agent',
      {
        tags,
        summary: 'Transfer without asking (blind)',
        description:
          'You are free at once. Where nobody is reached the customer goes back to the queue they came from, at their place.',
        params,
        body: transferWish,
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) =>
      acted(services, request, (talk, user) =>
        talk.transfer(targetOf(services.centre(), request.body.to), handover(user, request.body.note)),
      ),
  );

  api.post(
    `${URL}/consult`,
    ruleOf(
      'talk',
      'agent',
      {
        tags,
        summary: 'Ask a colleague or an outside number while the customer hears music',
        description: 'The answer comes while it rings. Then complete, cancel, or conference.',
        params,
        body: consultWish,
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) =>
      acted(services, request, (talk, user) =>
        talk.consult(colleagueOf(request.body.with), handover(user, request.body.note)),
      ),
  );
}

/** Who else takes part, and what the machine at the other end hears. */
function partyRoutes(api: Api, services: Services): void {
  api.post(
    `${URL}/conference`,
    ruleOf(
      'talk',
      'agent',
      {
        tags,
        summary: 'Talk all together',
        description: 'With the consulted colleague, or with somebody else: then the answer comes when they are there.',
        params,
        body: conferenceWish,
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) =>
      acted(services, request, (talk, { name }) =>
        talk.conference(name, request.body.with === undefined ? undefined : colleagueOf(request.body.with)),
      ),
  );

  api.delete(
    `${URL}/parties/:party`,
    ruleOf(
      'talk',
      'agent',
      {
        tags,
        summary: 'Take somebody out of a conference',
        params: params.extend({ party: z.string().max(64).describe('Agent or number.') }),
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) => acted(services, request, (talk) => talk.remove(request.params.party)),
  );

  api.post(
    `${URL}/digits`,
    ruleOf(
      'talk',
      'agent',
      { tags, summary: 'Press keys for whoever you talk with', params, body: digitsWish, response: { 200: talkShape } },
      ERRORS,
    ),
    async (request) => acted(services, request, (talk) => talk.digits(request.body.digits)),
  );
}

function recordingRoute(api: Api, services: Services): void {
  api.post(
    `${URL}/recording`,
    ruleOf(
      'talk',
      'agent',
      {
        tags,
        summary: 'Pause the recording, or go on with it',
        description: 'While it pauses there is silence in it: for card numbers and the like. Told in the record.',
        params,
        body: recordingWish,
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) =>
      acted(services, request, (_talk, { name }) =>
        services.recordings.pause(request.params.id, name, request.body.action === 'pause'),
      ),
  );
}

function takeOverRoute(api: Api, services: Services): void {
  const { talks, audit } = services;
  api.post(
    `${URL}/take-over`,
    ruleOf(
      'talk',
      'supervisor',
      {
        tags: ['supervision'],
        summary: 'Take the customer over from the agent',
        description:
          'On the line on which you listen; else your phones are rung, or those of `agent`. The agent who talked is free then.',
        params,
        body: takeOverWish,
        response: { 200: talkShape },
      },
      ERRORS,
    ),
    async (request) => {
      const user = userOf(request);
      const { id } = request.params;
      await audit.note({ by: user.name, act: 'talk-taken-over', on: id });
      await talks.takeOver(id, user.name, request.body.agent);
      return talkView(services, id, talks.of(id));
    },
  );
}

/** The user's own part; a supervisor's: that of the agent the customer deals with. */
function sideOf(talk: Talk, { name }: UserRow): TalkSide {
  return ownSide(talk, name) ?? talk.main;
}

function ownSide(talk: Talk, name: string): TalkSide | undefined {
  return talk.sides.find(({ party }) => party.kind === 'agent' && party.name === name);
}

function targetOf(centre: Centre, { agent, queue, number }: z.infer<typeof transferWish>['to']): Destination {
  const wish = agent !== undefined ? { agent } : queue !== undefined ? { queue } : { number: number ?? '' };
  const target = transferTarget(centre, wish);
  if (target === undefined) throw new HiloError('not-found', `there is no ${Object.entries(wish).flat().join(' ')}`);
  return target;
}

function colleagueOf({
  agent,
  number,
}: {
  readonly agent?: string | undefined;
  readonly number?: string | undefined;
}): Colleague {
  return agent === undefined ? { kind: 'number', number: number ?? '' } : { kind: 'agent', agent };
}

function handover({ name: by }: UserRow, note: string | undefined): { by: string; note?: string } {
  return note === undefined ? { by } : { by, note };
}

export function talkView({ recordings }: Pick<Services, 'recordings'>, interaction: string, talk: Talk): WireTalk {
  const { main, sides, consulted } = talk;
  const parties = [main, ...sides.filter((side) => side !== main)];
  return {
    interaction,
    state: talk.state,
    muted: talk.isMuted(),
    recording: recordings.stateOf(interaction),
    parties: parties.map(({ party, device }) => ({ ...party, device })),
    ...(consulted === undefined ? {} : { consulted: consulted.kind === 'agent' ? consulted.agent : consulted.number }),
  };
}
