// Time that passes while one looks: `3:07`, `1:02:45`.
import { useEffect, useState } from 'react';

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Seconds as a clock shows them. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes] = [Math.floor(whole / HOUR_S), Math.floor((whole % HOUR_S) / MINUTE_S)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % MINUTE_S)}` : `${minutes}:${two(whole % MINUTE_S)}`;
}

/** Unix ms, new every second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long ago that moment (ISO 8601) was. */
export function Since({ time }: { readonly time: string }) {
  const seconds = (useNow() - Date.parse(time)) / 1_000;
  return (
    <time className="figure" dateTime={time}>
      {clockText(seconds)}
    </time>
  );
}
