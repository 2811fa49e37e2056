// The face of one media leg: what the signalling side may ask of it and what it is told.
import type { SdesKeys } from '../secure/srtp-session.js';
import type { WebParty, WebRemote } from '../webrtc/web-party.js';
import type { Detected, Detection } from './audio/tone-detector.js';
import type { WavInformation } from './audio/wav-writer.js';
import type { AudioSource } from './audio-source.js';

/** What lies between a leg and its remote party: RTP as it is or under SDES keys, or WebRTC. */
export type LegKind = 'udp' | 'webrtc';

/** Where the audio goes and comes from, as negotiated. */
export interface RemoteMedia {
  readonly address: string;
  readonly port: number;
  /** 0 = PCMU, 8 = PCMA (RFC 3551 table 4). */
  readonly payloadType: 0 | 8;
  /** Payload type of telephone-event/8000 (RFC 4733), absent when it was not negotiated. */
  readonly telephoneEvent?: number;
  readonly send: boolean;
  readonly receive: boolean;
  /** Symmetric RTP: learn the true source from the first packets; after that, only that source is heard. */
  readonly latch: boolean;
  /** SRTP with these keys; absent: RTP in clear. Not for WebRTC, which has its own. */
  readonly sdes?: SdesKeys;
  /** Report {@link MediaLeg.onTimeOut} after so long without a packet, also while nothing is to be received; absent or 0 = never. */
  readonly timeOutMs?: number;
}

export interface PlayOptions {
  /** Start so many samples (8 kHz) into the source; counts for the first file. */
  readonly startSample?: number;
  /** End (as `limit`) after so much playing time. */
  readonly limitMs?: number;
}

export interface PlaybackResult {
  /** `limit`: limitMs. `break`: stopped or the leg closed. `not-found`: missing or unreadable; nothing was played. */
  readonly outcome: 'done' | 'limit' | 'break' | 'not-found';
  /** Samples played, at 8 kHz, and the same in milliseconds. */
  readonly samples: number;
  readonly ms: number;
  /** Position in the source where playing ended, in samples (playback_last_offset_pos). */
  readonly lastOffset: number;
  /** Samples that would have come still; Infinity of what has no end. */
  readonly left: number;
}

export interface Playback {
  /** True when the first frame is about to be played; false when it ended before (not found, stopped). */
  readonly started: Promise<boolean>;
  /** Never rejects. */
  readonly done: Promise<PlaybackResult>;
  stop(): void;
  /** Stands still, in silence, and goes on. */
  pause(on: boolean): void;
  /** Goes on at this sample (8 kHz), or so many from where it is; where that makes no sense, nothing happens. */
  seek(samples: number, from: 'start' | 'here'): void;
}

export const RECORDING_RATES: readonly number[] = [8_000, 16_000, 24_000, 32_000, 48_000];

export interface RecordOptions {
  /** `read` = what the remote party says; `write` = what it hears; `stereo` = read left, write right. */
  readonly channels: 'read' | 'write' | 'mixed' | 'stereo';
  readonly limitMs?: number;
  /** Goes on at the end of a file of the same form, if there is one. */
  readonly append?: boolean;
  /** Of the file, in Hz: one of {@link RECORDING_RATES}; default 8 kHz, which is all that telephones give. */
  readonly rate?: number;
  /** Written behind the audio when the file is complete. */
  readonly information?: WavInformation;
  /** End after `ms` in a row with a mean absolute sample below `threshold` (0..32767). */
  readonly silence?: { readonly threshold: number; readonly ms: number };
  /** A shorter recording is deleted (`too-short`). */
  readonly minimumMs?: number;
}

export interface RecordingResult {
  readonly outcome: 'stopped' | 'limit' | 'silence' | 'too-short' | 'failed';
  readonly samples: number;
  readonly ms: number;
  /** Text for the log when `failed`. */
  readonly error?: string;
}

export interface Recording {
  /** Settles when the file is complete on disk. Never rejects. */
  readonly done: Promise<RecordingResult>;
  stop(): void;
  /** Both write silence in place of the audio, so that the file keeps the time of the call. */
  mask(on: boolean): void;
  pause(on: boolean): void;
}

export interface ReceivedDigit {
  /** `0`-`9`, `*`, `#`, `A`-`D`, `F` (flash). */
  readonly digit: string;
  readonly durationSamples: number;
  readonly source: 'RTP';
}

export interface DirectionCount {
  readonly packets: number;
  /** Bytes of payload, without headers. */
  readonly bytes: number;
}

export interface LegStatistics {
  readonly received: DirectionCount & {
    readonly lost: number;
    readonly outOfOrder: number;
    readonly duplicates: number;
    /** Times that packets were missing, one or several in a row. */
    readonly gaps: number;
    /** Came too late for a recording or a conference; always 0 without one, as relaying waits for nothing. */
    readonly discarded: number;
    /** RFC 3550 §6.4.1, in milliseconds: now, and the least and greatest so far. */
    readonly jitterMs: number;
    readonly jitterMinMs: number;
    readonly jitterMaxMs: number;
    /** Mean time between two packets. */
    readonly intervalMs: number;
    readonly digits: number;
    /** Dropped: sent by somebody else than the remote party. */
    readonly foreign: number;
    /** Dropped: not RTP, or of a payload type that was not negotiated. */
    readonly malformed: number;
    readonly unknownPayload: number;
    /** Dropped: many times more packets than a call has. */
    readonly flood: number;
    readonly rtcpPackets: number;
    /** What the remote party says it has sent, by its last sender report; 0 without one. */
    readonly remotePackets: number;
    readonly remoteBytes: number;
  };
  readonly sent: DirectionCount & {
    readonly digits: number;
    /** Errors such as ECONNREFUSED: the remote port is closed. */
    readonly errors: number;
    readonly rtcpPackets: number;
    /** From the remote party's RTCP reports (RFC 3550 §6.4.1), 0 when there were none. */
    readonly remoteLost: number;
    readonly remoteJitterMs: number;
    /** Reports about our stream so far: without one the three beside it mean nothing. */
    readonly remoteReports: number;
    /** To the remote party and back (RFC 3550 §6.4.1), 0 when it cannot be told. */
    readonly roundTripMs: number;
  };
}

/** How somebody listens in, from the point of view of the leg that is listened to (FreeSWITCH's eavesdrop). */
export interface OverhearingOptions {
  readonly heardByTarget: boolean;
  /** By those who talk with the target. */
  readonly heardByOthers: boolean;
  readonly hearsTarget: boolean;
  readonly hearsOthers: boolean;
}

/** FreeSWITCH's volumes of -4 to 4 for what the remote party says (`levelIn`) and hears (`levelOut`). */
export interface Processing {
  readonly levelIn?: number | undefined;
  readonly levelOut?: number | undefined;
  /** The remote party hears itself, so much later. */
  readonly echoMs?: number | undefined;
  readonly detects?: readonly Detection[] | undefined;
}

export interface Overhearing {
  change(options: OverhearingOptions): void;
  stop(): void;
}

export interface MediaLeg {
  readonly id: string;
  readonly address: string;
  /** Local RTP port, even; RTCP is the next one. Of WebRTC the port that all its legs share. */
  readonly port: number;
  /** Starts or changes the flow of media; the local port stays. A remote that is the leg itself counts as none. */
  connect(remote: RemoteMedia): void;
  /** WebRTC: our part of the description, for their part or for an offer. Rejects when theirs is not to be connected. */
  describeWeb(remote?: WebRemote): Promise<WebParty>;
  /** WebRTC: ICE and DTLS are finished; again after each restart. */
  onSecured(listener: () => void): void;
  /** No remote: nothing is sent, nothing is heard. Playbacks go on in time. */
  disconnect(): void;
  /** A further playback suspends the one before, which goes on afterwards. */
  play(source: AudioSource, options?: PlayOptions): Playback;
  /** Writes a WAV (PCM16), readable at any time up to its last second. Missing folders are made. */
  record(path: string, options: RecordOptions): Recording;
  /** Relays both ways until either leg is unbridged, bridged elsewhere or closed. A playback replaces the peer's audio. */
  bridge(other: MediaLeg): void;
  unbridge(): void;
  /**
   * Listens to another leg and whom it talks with, now and later, and what is played to it; speaks to them if wanted.
   * Ends when either leg is bridged, takes a seat or closes (this one), or closes (the other one).
   */
  overhear(target: MediaLeg, options: OverhearingOptions): Overhearing;
  /**
   * Plays under what is said: to the remote party (`write`), or to those it talks with (`read`). Goes on when the leg is
   * bridged elsewhere.
   */
  mixIn(source: AudioSource, direction: 'read' | 'write', options?: Pick<PlayOptions, 'limitMs'>): Playback;
  /** What the mixer does with the leg, in a conference as well; undefined takes each back. */
  process(processing: Processing): void;
  /** What is looked for in what the remote party hears; an empty list ends it. */
  listenFor(detections: readonly Detection[]): void;
  /** What {@link process} or {@link listenFor} looks for was heard. One listener; the last one set counts. */
  onDetected(listener: (detected: Detected) => void): void;
  /** `read`: what the remote party says becomes silence; `write`: what it hears. Digits still pass. */
  mute(direction: 'read' | 'write', on: boolean): void;
  /** Queues digits (RFC 4733; in-band tones when it was not negotiated). `w` = 500 ms pause, `W` = 1 s. False = refused. */
  sendDigits(digits: string, durationMs?: number): boolean;
  /** Once per key. One listener each; the last one set counts. */
  onDigit(listener: (digit: ReceivedDigit) => void): void;
  onTimeOut(listener: () => void): void;
  /** The leg's socket or worker died; the leg is closed. */
  onFailure(listener: (reason: string) => void): void;
  stats(): Promise<LegStatistics>;
  /** Ends playbacks (`break`) and recordings, frees the port; safe to call twice. Resolves to the last statistics. */
  close(): Promise<LegStatistics>;
}
