using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>
/// One transaction for many callers, of all kinds that came up together: while it commits, the next callers gather; each is answered when its
/// entry is durable. A lone caller waits for one commit as before; hundreds at once share it.
/// </summary>
public sealed class GroupCommit([LoopsPool] NpgsqlDataSource database) : IHostedService
{
    private const int MaxTogether = 2_000;

    /// <summary>From so many at once it pays to wait for the others that come as fast: a transaction costs as much as ten of its rows.</summary>
    private const int Many = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);

    // A full channel makes callers wait, which is the pressure they should feel.
    private readonly Channel<IWaitingEntry> _waiting = Channel.CreateBounded<IWaitingEntry>(new BoundedChannelOptions(20_000) { SingleReader = true });
    private readonly Lock _gate = new();
    private int _expected = int.MaxValue;
    private volatile TaskCompletionSource? _gathered;
    private Task? _pump;

    /// <summary>A kind of entry that may come up.</summary>
    /// <param name="accountOf">The account of an entry.</param>
    /// <param name="statement">Stores entries, in one statement that returns rows.</param>
    /// <param name="answers">One for each entry, in their order, from what the statement returned. Called after the commit.</param>
    public GroupCommitPart<TEntry, TResult> Part<TEntry, TRow, TResult>(
        Func<TEntry, long> accountOf, Func<IReadOnlyList<TEntry>, Sql> statement, Func<IReadOnlyList<TEntry>, List<TRow>, IReadOnlyList<TResult>> answers) =>
        new GroupCommitPart<TEntry, TRow, TResult>(this, accountOf, statement, answers);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes nothing more and returns when all it took is stored.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        if (_pump is { } pump)
        {
            await pump.WaitAsync(cancellationToken);
        }
    }

    internal ValueTask PutAsync(IWaitingEntry entry)
    {
        if (_pump is null)
        {
            Start();
        }

        if (!_waiting.Writer.TryWrite(entry))
        {
            return _waiting.Writer.WriteAsync(entry, CancellationToken.None);
        }

        if (_gathered is { } gathered && _waiting.Reader.Count >= _expected)
        {
            gathered.TrySetResult();
        }

        return ValueTask.CompletedTask;
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
        var parts = new List<GroupCommitPart>();
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await GatherAsync();
            var count = 0;
            while (count < MaxTogether && _waiting.Reader.TryRead(out var entry))
            {
                if (entry.Part.Take(entry) == 1)
                {
                    parts.Add(entry.Part);
                }

                count++;
            }

            await StoreAsync(parts);
            parts.Clear();

            // Those just answered and those who came meanwhile: about as many are on their way again.
            _expected = Math.Min(MaxTogether, count + _waiting.Reader.Count);
        }
    }

    private async ValueTask GatherAsync()
    {
        if (_expected is < Many or int.MaxValue || _waiting.Reader.Count >= _expected)
        {
            return;
        }

        var gathered = _gathered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_waiting.Reader.Count < _expected)
        {
            await Task.WhenAny(gathered.Task, Task.Delay(Longest, TimeProvider.System));
        }

        _gathered = null;
    }

    private async Task StoreAsync(List<GroupCommitPart> parts)
    {
        try
        {
            await OneRoundTrip.RunAsync(database, [.. parts.SelectMany(p => p.Accounts()).Distinct()], parts, CancellationToken.None);
        }
        catch (PostgresException e) when (parts.Count > 1 && !e.SqlState.StartsWith("57", StringComparison.Ordinal))
        {
            // The database refused it and lives, so nothing is stored; one kind shall not fail for what another did.
            foreach (var part in parts)
            {
                part.Again();
                await StoreAsync([part]);
            }

            return;
        }
        catch (Exception e)
        {
            foreach (var part in parts)
            {
                part.Fail(e);
            }

            return;
        }

        foreach (var part in parts)
        {
            part.Answer();
        }
    }
}
