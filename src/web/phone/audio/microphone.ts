// The person's voice: the chosen microphone, or the browser's own when that one is not there any more.

/** Resolves with one audio track. Rejects with what the browser says (`NotAllowedError`, `NotFoundError` …). */
export async function openMicrophone(id: string | undefined): Promise<MediaStream> {
  const { mediaDevices } = navigator;
  if (id !== undefined) {
    try {
      return await mediaDevices.getUserMedia({ audio: { deviceId: { exact: id } } });
    } catch (error) {
      if (!(error instanceof OverconstrainedError) && !isNotFound(error)) throw error;
    }
  }
  return mediaDevices.getUserMedia({ audio: true });
}

export function closeStream(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function isNotFound(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotFoundError';
}
