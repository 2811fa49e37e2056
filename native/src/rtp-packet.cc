#include "rtp-packet.h"

namespace hilo {

namespace {

uint16_t read16(const uint8_t* at) { return static_cast<uint16_t>(at[0] << 8 | at[1]); }

uint32_t read32(const uint8_t* at) {
  return static_cast<uint32_t>(at[0]) << 24 | static_cast<uint32_t>(at[1]) << 16 | static_cast<uint32_t>(at[2]) << 8 |
         static_cast<uint32_t>(at[3]);
}

void write32(uint8_t* at, uint32_t value) {
  for (int byte = 0; byte < 4; byte++) at[byte] = static_cast<uint8_t>(value >> (24 - 8 * byte));
}

}  // namespace

bool readRtp(const uint8_t* bytes, size_t length, RtpPacket& into) {
  if (length < kRtpHeaderBytes || length > kDatagramBytesMax || bytes[0] >> 6 != 2) return false;
  size_t start = kRtpHeaderBytes + (bytes[0] & 0x0fu) * 4;
  if ((bytes[0] & 0x10) != 0) {
    if (start + 4 > length) return false;
    start += 4 + read16(bytes + start + 2) * size_t{4};
  }
  const bool isPadded = (bytes[0] & 0x20) != 0;
  const size_t padding = isPadded ? bytes[length - 1] : 0;
  if (isPadded && padding == 0) return false;
  if (start + padding > length) return false;
  into.marker = (bytes[1] & 0x80) != 0;
  into.payloadType = bytes[1] & 0x7f;
  into.sequence = read16(bytes + 2);
  into.timestamp = read32(bytes + 4);
  into.ssrc = read32(bytes + 8);
  into.payloadStart = start;
  into.payloadEnd = length - padding;
  return true;
}

void writeRtpHeader(uint8_t* bytes, const RtpHeader& header) {
  bytes[0] = 0x80;
  bytes[1] = static_cast<uint8_t>((header.marker ? 0x80 : 0) | (header.payloadType & 0x7f));
  bytes[2] = static_cast<uint8_t>(header.sequence >> 8);
  bytes[3] = static_cast<uint8_t>(header.sequence);
  write32(bytes + 4, header.timestamp);
  write32(bytes + 8, header.ssrc);
}

}  // namespace hilo
