import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { EventDetail } from '../../../client/investigate/EventDetail.tsx';
import type { StoredEvent } from '../../../shared/api/schemas.ts';
import { renderScreen } from '../render.tsx';
import { eventOf } from './event-samples.ts';

afterEach(cleanup);

const show = (changes: StoredEvent) =>
  renderScreen(
    <EventDetail
      event={eventOf(changes)}
      error={null}
      onRetry={() => undefined}
      zone="WIB"
      onClose={() => undefined}
    />,
  );

it('names the maker of the data where an event has a network, as its licence asks', () => {
  show({ 'source.as.number': 64_496 });
  expect(screen.getByRole('link', { name: /DB-IP/ }).getAttribute('href')).toBe('https://db-ip.com');
});

it('names nobody where it has none', () => {
  show({ 'source.ip': '192.0.2.1' });
  expect(screen.queryByRole('link', { name: /DB-IP/ })).toBeNull();
});
