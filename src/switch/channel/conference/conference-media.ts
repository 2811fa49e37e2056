// What is played into a conference and recorded of it.
import { access } from 'node:fs/promises';
import { type AudioSource, parseFileString } from '../../media/audio-source.js';
import type { Playback, PlaybackResult, Recording } from '../../media/media-leg.js';
import type { MediaRoom } from '../../media/media-room.js';
import type { EventHeaders } from '../event.js';
import type { Member } from './member.js';

/** Files that wait for others to end. */
export const FILES_WAITING_MAX = 100;

/** What it needs of its conference. */
export interface MediaOwner {
  readonly room: MediaRoom;
  readonly soundPrefix: string;
  tell(action: string, extra: EventHeaders): void;
  tellOf(member: Member, action: string, extra: EventHeaders): void;
}

interface Played {
  readonly file: string;
  readonly member: Member | undefined;
  readonly playback: Playback;
}

export class ConferenceMedia {
  readonly #conference: MediaOwner;
  readonly #recordings = new Map<string, Recording>();
  readonly #playing = new Set<Played>();
  /** Files for everybody are heard one after the other. */
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(conference: MediaOwner) {
    this.#conference = conference;
  }

  /** Plays to everybody, after what is played already unless `async`, or to one member. False: there is no such file. */
  async play(file: string, options: { readonly async?: boolean; readonly to?: Member } = {}): Promise<boolean> {
    const prefix = this.#conference.soundPrefix;
    const parsed = parseFileString(file, prefix === '' ? {} : { soundPrefix: prefix });
    if (!parsed.ok || this.#waiting >= FILES_WAITING_MAX || !(await exists(parsed.source))) return false;
    const { to, async = false } = options;
    if (async || to !== undefined) {
      void this.#playNow(file, parsed.source, { to, async });
      return true;
    }
    this.#waiting++;
    this.#queue = this.#queue
      .then(() => this.#playNow(file, parsed.source, { to: undefined, async: false }))
      .then(() => {
        this.#waiting--;
      });
    return true;
  }

  /** Ends what is played to all, or to one; returns how many files. */
  stop(to?: Member): number {
    const ended = [...this.#playing].filter(({ member }) => member === to);
    for (const { playback } of ended) playback.stop();
    return ended.length;
  }

  record(path: string, limitMs?: number): boolean {
    if (path === '' || this.#recordings.has(path)) return false;
    const recording = this.#conference.room.record(path, limitMs === undefined ? {} : { limitMs });
    this.#recordings.set(path, recording);
    this.#conference.tell('start-recording', this.#about(path));
    void recording.done.then((result) => {
      this.#recordings.delete(path);
      const { ms, samples } = result;
      const measured = { Milliseconds: String(ms), Samples: String(samples), Seconds: String(Math.floor(ms / 1_000)) };
      this.#conference.tell('stop-recording', { ...this.#about(path), ...measured });
    });
    return true;
  }

  get recorded(): readonly string[] {
    return [...this.#recordings.keys()];
  }

  /** Resolves to the files that are complete now. */
  async stopRecording(path: string): Promise<readonly string[]> {
    const paths = path === 'all' ? this.recorded : this.recorded.filter((one) => one === path);
    const recordings = paths.flatMap((one) => this.#recordings.get(one) ?? []);
    for (const recording of recordings) recording.stop();
    await Promise.all(recordings.map(({ done }) => done));
    return paths;
  }

  pauseRecording(path: string, on: boolean): boolean {
    const recording = this.#recordings.get(path);
    if (recording === undefined) return false;
    recording.pause(on);
    this.#conference.tell(on ? 'pause-recording' : 'resume-recording', this.#about(path));
    return true;
  }

  close(): void {
    for (const recording of this.#recordings.values()) recording.stop();
    for (const { playback } of this.#playing) playback.stop();
  }

  async #playNow(
    file: string,
    source: AudioSource,
    { to, async }: { to: Member | undefined; async: boolean },
  ): Promise<void> {
    const conference = this.#conference;
    const playback = conference.room.play(source, to === undefined ? {} : { audience: { only: [to.channel.leg.id] } });
    const played: Played = { file, member: to, playback };
    this.#playing.add(played);
    const tell = (action: string, extra: EventHeaders = {}): void => {
      const about = { File: file, Async: String(async), ...extra };
      if (to === undefined) conference.tell(`play-file${action}`, about);
      else conference.tellOf(to, `play-file-member${action}`, about);
    };
    tell('');
    const result = await playback.done;
    this.#playing.delete(played);
    tell('-done', lengths(result));
  }

  #about(path: string): EventHeaders {
    return { Path: path, 'Other-Recordings': String(this.recorded.some((one) => one !== path)) };
  }
}

function lengths({ ms, samples }: PlaybackResult): EventHeaders {
  return { seconds: String(Math.floor(ms / 1_000)), milliseconds: String(ms), samples: String(samples) };
}

/** Only files can be missing. */
async function exists(source: AudioSource): Promise<boolean> {
  if (source.kind === 'list') return (await Promise.all(source.items.map(exists))).some((one) => one);
  if (source.kind !== 'file') return true;
  return access(source.path).then(
    () => true,
    () => false,
  );
}
