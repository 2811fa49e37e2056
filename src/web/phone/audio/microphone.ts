// The person's voice: the chosen microphone, or the browser's own when that one is not there any more.

/** `wishes`: of how the voice is treated. Resolves with one audio track. Rejects with what the browser says (`NotAllowedError`, `NotFoundError` …). */
export async function openMicrophone(id: string | undefined, wishes: MediaTrackConstraints = {}): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (id !== undefined) {
    try {
      return await mediaDevices.getUserMedia({ audio: { ...wishes, deviceId: { exact: id } } });
    } catch (error) {
      if (!(error instanceof OverconstrainedError) && !isNotFound(error)) throw error;
    }
  }
  return mediaDevices.getUserMedia({ audio: wishes });
}

export function closeStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function isNotFound(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
