import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { invalidateChanged, newQueryClient } from './queries';

test('a change while the first answer is on its way is not lost', async () => {
  const client = newQueryClient();
  const answers: Array<(answer: string) => void> = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const observer = new QueryObserver(client, { queryKey: ['session', 'it'], queryFn });
  const end = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  invalidateChanged(client, { topics: ['session'] });
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.('after');
  answers[0]?.('before');
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('after'));
  end();
});
