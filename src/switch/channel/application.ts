// Owns the shape of a dialplan application and how one is started: scoped variables, expansion, unknown names.

import type { Speaker } from '../speech/speaker.js';
import type { Schedule } from './beside/schedule.js';
import type { Channel, ChannelPorts } from './channel.js';
import type { Channels } from './channels.js';
import type { Conferences } from './conference/conferences.js';
import type { Control } from './control.js';
import { expand, takeScoped } from './expansion.js';

/** Application-Response of an application that has nothing to say. */
export const NO_RESPONSE = '_none_';

/** What applications may reach beside their channel. */
export interface Services {
  readonly channels: Channels;
  readonly conferences: Conferences;
  readonly schedule: Schedule;
  /** Absent: nothing is spoken. */
  readonly speaker?: Speaker;
}

export interface Run {
  readonly channel: Channel;
  /** With variables expanded. */
  readonly argument: string;
  readonly control: Control;
  readonly services: Services;
  /** A variable: scoped to this run, else of the channel. */
  read(name: string): string | undefined;
}

/** Gives the Application-Response. One that ends at once must return text and not a promise, so that order is kept. */
export type Application = (run: Run) => string | Promise<string>;

export type Applications = ReadonlyMap<string, Application>;

/** How channels run what is in `applications`. */
export function runnerOf(applications: Applications, services: Services): ChannelPorts['run'] {
  return (channel, command, control) => {
    const application = applications.get(command.application);
    if (!application) {
      // FreeSWITCH only logs; without a completion the client's promise would never settle (compatibility C6).
      channel.log.warn({ application: command.application }, 'no such application');
      return '-ERR no such application';
    }
    const { variables, rest } = takeScoped(command.argument);
    const read = (name: string): string | undefined => variables.get(name) ?? channel.variables.get(name);
    return application({ channel, argument: expand(rest, read), control, services, read });
  };
}
