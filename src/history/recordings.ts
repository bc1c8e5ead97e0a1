const ID = /^[A-Za-z0-9_-]{8,80}$/;

/** Read the id of a session recording from what a person typed: the id, or its address in PostHog; null if neither. */
export function recordingIdOf(typed: string): string | null {
  const text = typed.trim();
  if (ID.test(text)) {
    return text;
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const fromPath = /\/replay\/([^/]+)/.exec(url.pathname)?.[1] ?? '';
  const id = url.searchParams.get('sessionRecordingId') ?? fromPath;
  return ID.test(id) ? id : null;
}

/** Return the address of a moment of a recording in PostHog. */
export function momentUrl(
  place: { host: string; projectId: number },
  recordingId: string,
  milliseconds: number
): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${place.host}/project/${place.projectId}/replay/${encodeURIComponent(recordingId)}?t=${seconds}`;
}

/** Say a moment as a player does: `1:24`, `1:02:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] ? parts : parts.slice(1);
  return shown
    .map((part, index) => (index ? String(part).padStart(2, '0') : String(part)))
    .join(':');
}
