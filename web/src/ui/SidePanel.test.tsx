import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SidePanel } from './SidePanel';
import { weight } from './images/upload';

test('the head of a panel is no landmark of the page', async () => {
  render(
    <SidePanel opened onClose={() => {}} title="Peek">
      Inside
    </SidePanel>,
  );
  expect(await screen.findByRole('dialog', { name: 'Peek' })).toBeTruthy();
  expect(screen.queryByRole('banner')).toBeNull();
});

test('weights are said in the unit they are read in', () => {
  expect([400, 1_500_000, 1_073_741_824].map(weight)).toEqual(['1 kB', '1.5 MB', '1.1 GB']);
});
