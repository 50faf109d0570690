/** What a UDP packet of a call is, from its first bytes (RFC 7983 for the protocol, RFC 5761 section 4 for RTP or RTCP). */
export type PacketKind = 'rtp' | 'rtcp' | 'stun' | 'dtls' | 'other';

export function packetKind(packet: Uint8Array): PacketKind {
  const first = packet[0] ?? 255;
  if (first < 4) return 'stun';
  if (first >= 20 && first < 64) return 'dtls';
  if (first < 128 || first > 191 || packet.length < 2) return 'other';
  const type = payloadType(packet);
  return type >= 64 && type <= 95 ? 'rtcp' : 'rtp';
}

/** Seven bits of the second byte: the RTP payload type. */
export const payloadType = (packet: Uint8Array): number => (packet[1] ?? 0) & 0x7f;
