using System.Threading.Channels;

namespace Millrace.Kernel.Data;

/// <summary>
/// One transaction for many callers: while it commits, the next callers gather; each is answered when its entry is durable. A lone caller
/// waits for one commit as before; hundreds at once share it.
/// </summary>
/// <param name="commit">Stores the entries of a batch and commits; answers in their order. When it throws, nothing was stored and all are told.</param>
/// <param name="maxTogether">Entries of one transaction at most.</param>
public sealed class GroupCommit<TEntry, TResult>(Func<IReadOnlyList<TEntry>, Task<IReadOnlyList<TResult>>> commit, int maxTogether = 2_000)
{
    // A full channel makes callers wait, which is the pressure they should feel.
    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(20_000) { SingleReader = true });
    private readonly Lock _gate = new();
    private Task? _pump;

    /// <exception cref="ChannelClosedException">The process is stopping.</exception>
    public async Task<TResult> AddAsync(TEntry entry, CancellationToken cancellationToken)
    {
        if (_pump is null)
        {
            Start();
        }

        var waiting = new Waiting(entry);
        await _waiting.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Takes nothing more and returns when all it took is stored.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (_pump is { } pump)
        {
            await pump.WaitAsync(cancellationToken);
        }
    }

    private void Start()
    {
        lock (_gate)
        {
            _pump ??= Task.Run(PumpAsync);
        }
    }

    // One at a time: two would halve each other's batches, and a transaction costs more than the rows in it.
    private async Task PumpAsync()
    {
        var batch = new List<Waiting>(maxTogether);
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < maxTogether && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            try
            {
                var answers = await commit(batch.ConvertAll(static w => w.Entry));
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].Answer.TrySetResult(answers[i]);
                }
            }
            catch (Exception e)
            {
                batch.ForEach(waiting => waiting.Answer.TrySetException(e));
            }
        }
    }

    private sealed record Waiting(TEntry Entry)
    {
        public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
