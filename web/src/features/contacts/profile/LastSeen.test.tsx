import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import i18n from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { happened } from '../fixtures';
import { circumstances, placeName } from './circumstances';
import { LastSeen } from './LastSeen';

beforeAll(() => i18n.loadNamespaces('contacts'));

const nothing = {
  seen_at: '2026-11-20T10:00:00Z',
  ip: null,
  country: null,
  country_name: null,
  region: null,
  city: null,
  postal_code: null,
  latitude: null,
  longitude: null,
  time_zone: null,
  device: null,
  os: null,
  mail_client: null,
  browser: null,
};

test('place, device and programs stand with what they are', () => {
  render(
    <LastSeen
      seen={{
        ...nothing,
        country: 'DE',
        country_name: 'Germany',
        city: 'Berlin',
        region: 'Berlin',
        time_zone: 'Nowhere/Atall',
        device: 'mobile',
        os: 'iOS',
        mail_client: 'Apple Mail',
      }}
    />,
  );
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'Place: Berlin, Germany',
    'Device: Mobile, iOS',
    'Mail program: Apple Mail',
  ]);
});

test('nothing known is no box', () => {
  render(<LastSeen seen={nothing} />);
  expect(screen.queryByText('Last seen')).toBeNull();
});

test('an open says whether a person did it, from where and with what', () => {
  const t = i18n.getFixedT(null, 'contacts');
  const of = (data: object) => circumstances(happened(1, { data: data as never }), t);
  expect(of({ country: 'GB', city: 'London', client: 'Apple Mail', os: 'iOS' })).toBe(
    'London, United Kingdom · Apple Mail, iOS',
  );
  expect(of({ machine: 'proxy', client: 'Gmail' })).toBe('Fetched by the mailbox, not by a person · Gmail');
  expect(of({ machine: 'new_guess' })).toBe('Not by a person');
  expect(of({})).toBe('');
  expect(placeName('Paris', 'Île-de-France', 'France')).toBe('Paris, Île-de-France, France');
});
