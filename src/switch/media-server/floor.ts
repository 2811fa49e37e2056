// What the channels of one media server share, and what its clients' commands work on.
import { hostname } from 'node:os';
import { runnerOf, type Services } from '../channel/application.js';
import { APPLICATIONS } from '../channel/applications/catalogue.js';
import { Schedule } from '../channel/beside/schedule.js';
import type { ChannelPorts } from '../channel/channel.js';
import { Channels } from '../channel/channels.js';
import { API_COMMANDS } from '../channel/command/catalogue.js';
import { runCommand, type Switchboard } from '../channel/command/command.js';
import { Conferences } from '../channel/conference/conferences.js';
import { Core } from '../channel/core.js';
import { EventBus } from '../channel/event-bus.js';
import { Speaker } from '../speech/speaker.js';
import { LoadMeter, type SwitchLoad } from './load-meter.js';
import type { MediaServerOptions } from './options.js';

export interface Floor {
  readonly board: Switchboard;
  readonly bus: EventBus;
  readonly channelPorts: Pick<ChannelPorts, 'core' | 'bus' | 'run'>;
  load(): SwitchLoad;
  /** Nothing happens by itself any more. */
  close(): void;
}

type SipPorts = Pick<Switchboard['profile'], 'port' | 'securePort'>;

export function openFloor(options: MediaServerOptions, callsMax: number, sipPorts: SipPorts): Floor {
  const { clock, ids, log, engine, profile = 'drachtio_mrf', speechFolder, sip } = options;
  const core = new Core({ uuid: ids.uuid(), hostname: hostname(), address: sip.address }, clock);
  const channels = new Channels(clock, callsMax);
  const bus = new EventBus();
  const conferences = new Conferences({
    ...{ core, bus, ids },
    openRoom: (near) => engine.openRoom(near, { relaysKeys: false }),
  });
  const schedule = new Schedule(clock);
  const meter = new LoadMeter(engine, clock);
  const load = (): SwitchLoad => meter.load;
  const board: Switchboard = {
    ...{ channels, conferences, core, schedule, ids, log },
    globals: new Map(),
    load,
    run: (text) => runCommand(API_COMMANDS, text, board),
    profile: { name: profile, address: sip.address, ...sipPorts },
  };
  const services: Services = {
    ...{ channels, conferences, schedule },
    ...(speechFolder === undefined ? {} : { speaker: new Speaker({ folder: speechFolder, clock, log }) }),
  };
  return {
    board,
    bus,
    load,
    channelPorts: { core, bus, run: runnerOf(APPLICATIONS, services) },
    close() {
      meter.close();
      schedule.close();
    },
  };
}
