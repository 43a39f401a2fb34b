using System.Collections.Concurrent;

namespace Millrace.Kernel.Data;

/// <summary>
/// Answers look-ups that come by the thousand with few queries: while one is under way, the keys asked for in the meantime gather for the next.
/// A single caller waits for one query as before; hundreds at once share it.
/// </summary>
/// <param name="load">Finds many at once; a key that is missing in its answer is not found.</param>
public sealed class BatchedLookup<TKey, TValue>(Func<IReadOnlyCollection<TKey>, Task<IReadOnlyDictionary<TKey, TValue>>> load)
    where TKey : notnull
{
    private const int MaxBatch = 1_000;
    private const int MaxRunning = 2;
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private int _running;

    /// <returns>Default when there is none.</returns>
    public Task<TValue?> FindAsync(TKey key)
    {
        var waiting = new Waiting(key);
        _waiting.Enqueue(waiting);
        TryStart();
        return waiting.Answer.Task;
    }

    private void TryStart()
    {
        while (!_waiting.IsEmpty)
        {
            var running = Volatile.Read(ref _running);
            if (running >= MaxRunning)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _running, running + 1, running) == running)
            {
                _ = Task.Run(DrainAsync);
                return;
            }
        }
    }

    private async Task DrainAsync()
    {
        var batch = new List<Waiting>();
        while (true)
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }

            if (batch.Count == 0)
            {
                Interlocked.Decrement(ref _running);
                // One may have come between the last look and the count.
                TryStart();
                return;
            }

            await AnswerAsync(batch);
        }
    }

    private async Task AnswerAsync(List<Waiting> batch)
    {
        try
        {
            var found = await load([.. batch.Select(w => w.Key).Distinct()]);
            foreach (var waiting in batch)
            {
                waiting.Answer.TrySetResult(found.TryGetValue(waiting.Key, out var value) ? value : default);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(waiting => waiting.Answer.TrySetException(e));
        }
    }

    private sealed record Waiting(TKey Key)
    {
        public TaskCompletionSource<TValue?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
