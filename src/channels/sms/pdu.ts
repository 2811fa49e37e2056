// SMPP packets as this channel reads and writes them: texts stay octets, fields are checked before they are believed.
import smpp from 'smpp';

/** SMPP 3.4 §5.1.3, those that we say ourselves. */
export const STATUS = {
  ok: 0x00,
  queueFull: 0x14,
  temporary: 0x64,
  rejected: 0x66,
} as const;

export const ESM_UDH = 0x40;
/** Bits 5-2 of esm_class: what kind of message it is (SMPP 3.4 §5.2.12). */
export const ESM_TYPE = 0x3c;

export const TON = { unknown: 0, international: 1, alphanumeric: 5 } as const;
export const NPI = { unknown: 0, isdn: 1 } as const;

// The package decodes the text of each packet by itself. That breaks characters whose halves travel in two packets, and
// its time filter throws on dates that are none; so the fields of what is delivered to us stay as they are on the wire.
const { id, params = {} } = smpp.commands.deliver_sm;
const unfiltered = Object.fromEntries(Object.entries(params).map(([name, { type }]) => [name, { type }]));
smpp.addCommand('deliver_sm', { id, params: unfiltered });
smpp.addTLV('message_payload', { id: smpp.tlvs.message_payload.id, type: smpp.tlvs.message_payload.type });

export interface Delivery {
  readonly from: string;
  readonly fromTon: number;
  readonly to: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly content: Buffer;
  readonly sar?: { readonly reference: number; readonly total: number; readonly number: number };
  readonly receiptedId?: string;
  readonly messageState?: number;
}

/** Fields of a `deliver_sm` or `data_sm`. */
export function deliveryOf(pdu: smpp.PDU): Delivery {
  const payload = octets(pdu['message_payload']);
  const short = octets(pdu['short_message']);
  const reference = pdu['sar_msg_ref_num'];
  const total = pdu['sar_total_segments'];
  const segment = pdu['sar_segment_seqnum'];
  const receiptedId = printable(pdu['receipted_message_id']);
  const messageState = pdu['message_state'];
  return {
    from: printable(pdu['source_addr']),
    fromTon: integer(pdu['source_addr_ton']),
    to: printable(pdu['destination_addr']),
    esmClass: integer(pdu['esm_class']),
    dataCoding: integer(pdu['data_coding']),
    content: payload.length > 0 ? payload : short,
    ...(typeof reference === 'number' && typeof total === 'number' && typeof segment === 'number'
      ? { sar: { reference, total, number: segment } }
      : {}),
    ...(receiptedId === '' ? {} : { receiptedId }),
    ...(typeof messageState === 'number' ? { messageState } : {}),
  };
}

export interface Submission {
  readonly source: SmppAddress;
  readonly destination: SmppAddress;
  /** As in data_coding: 0 = the default alphabet of the network, 8 = UCS-2. */
  readonly dataCoding: number;
  readonly content: Buffer;
  readonly hasHeader: boolean;
}

export interface SmppAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** Asks for a delivery receipt whatever becomes of it (SMPP 3.4 §5.2.17). */
export function submitFields({ source, destination, dataCoding, content, hasHeader }: Submission): object {
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.address,
    esm_class: hasHeader ? ESM_UDH : 0,
    registered_delivery: 1,
    data_coding: dataCoding,
    short_message: content,
  };
}

function octets(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function integer(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Up to the first character that is none: the package reads a TLV text without its end on into the next TLV. */
export function printable(value: unknown): string {
  return typeof value === 'string' ? (/^[\x20-\x7e]*/.exec(value)?.[0] ?? '') : '';
}
