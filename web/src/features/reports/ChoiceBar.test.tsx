import { render } from '@/testing/render';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ChoiceBar } from './ChoiceBar';

const counting = { privacy: true, machines: 'as_recorded' } as const;
const sources = [
  { value: 'campaign', title: 'Campaigns' },
  { value: 'personal', title: '1:1 e-mails' },
];

test('one kind of mail is chosen, and all of them again', async () => {
  const onChange = vi.fn();
  render(<ChoiceBar sources={sources} source={undefined} step="day" daily counting={counting} onChange={onChange} />);
  await userEvent.click(await screen.findByRole('combobox', { name: 'E-mails' }));
  await userEvent.click(screen.getByRole('option', { name: '1:1 e-mails' }));
  expect(onChange).toHaveBeenCalledWith({ source: 'personal' });
});

test('days are no points where there are too many', async () => {
  render(
    <ChoiceBar sources={sources} source="campaign" step="week" daily={false} counting={counting} onChange={() => {}} />,
  );
  expect(await screen.findByRole('radio', { name: 'Day' })).toHaveProperty('disabled', true);
  expect(screen.getByRole('radio', { name: 'Week' })).toHaveProperty('checked', true);
});
