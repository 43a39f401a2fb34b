using Microsoft.Extensions.Logging;

namespace Millrace.Messaging.Sending;

/// <summary>
/// The lines to one transport and the parcels that wait for them, by domain. Each line has one message in hand-over at a time: the result of
/// the last and the hand-over of the next are one commit, and only then does the first byte leave.
/// </summary>
internal sealed partial class Outlet(
    IMailTransport transport, SendLedger ledger, DomainPace pace, Action<Parcel> release, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private const int BreakAfter = 5;
    private static readonly TimeSpan BreakFor = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Domain, Queue<Parcel> Parcels)> _domains = [];
    private readonly Dictionary<string, Queue<Parcel>> _byDomain = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _lines = [];
    private int _waiting;
    private int _failuresInRow;
    private DateTimeOffset? _brokenUntil;
    private bool _closing;
    private bool _timerSet;

    /// <summary>Nothing goes before then: the server could not be reached five times in a row. Null: open.</summary>
    public DateTimeOffset? BrokenUntil
    {
        get
        {
            lock (_gate)
            {
                return _brokenUntil > clock.GetUtcNow() ? _brokenUntil : null;
            }
        }
    }

    public void Add(Parcel parcel)
    {
        lock (_gate)
        {
            if (!_byDomain.TryGetValue(parcel.Line, out var parcels))
            {
                _byDomain[parcel.Line] = parcels = new();
                _domains.AddLast((parcel.Line, parcels));
            }

            parcels.Enqueue(parcel);
            _waiting++;
            StartLines();
        }
    }

    /// <summary>Begins no further message, gives back what waits, and returns when open hand-overs have their answer.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] open;
        List<Parcel> left;
        lock (_gate)
        {
            _closing = true;
            left = [.. _byDomain.Values.SelectMany(p => p)];
            _byDomain.Clear();
            _domains.Clear();
            _waiting = 0;
            open = [.. _lines];
        }

        left.ForEach(release);
        await Task.WhenAll(open);
        await transport.DisposeAsync();
    }

    private void StartLines()
    {
        while (!_closing && _lines.Count < transport.MaxLines && _lines.Count < _waiting)
        {
            var started = new TaskCompletionSource();
            var line = RunAsync(started.Task);
            _lines.Add(line);
            _ = line.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            started.SetResult();
        }
    }

    private void Ended(Task line)
    {
        lock (_gate)
        {
            _lines.Remove(line);

            // A parcel may have come while the last line was closing. Those that only wait for their domain have their timer.
            if (!_timerSet)
            {
                StartLines();
            }
        }
    }

    private async Task RunAsync(Task started)
    {
        await started.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        IMailLine? line = null;
        SendResult? done = null;
        try
        {
            while (Take() is { } parcel)
            {
                (line, done) = await SendAsync(line, done, parcel);
            }
        }
        catch (Exception e)
        {
            // Whatever it was, the rows say where each mail stands and the next claim goes on from there.
            LogLineFailed(e);
        }
        finally
        {
            await FinishAsync(done);
            if (line is not null)
            {
                await line.DisposeAsync();
            }
        }
    }

    private async Task<(IMailLine? Line, SendResult? Done)> SendAsync(IMailLine? line, SendResult? done, Parcel parcel)
    {
        var entered = true;
        try
        {
            if (line is null)
            {
                (line, var failure) = await transport.OpenAsync(CancellationToken.None); // has its own time-outs
                if (line is null)
                {
                    await FinishAsync(done);
                    await FinishAsync(Broken(Passing(SendResult.Of(parcel, failure!, clock.GetUtcNow(), Random.Shared))));
                    return (null, null);
                }

                _failuresInRow = 0;
            }

            var granted = await ledger.ExchangeAsync(done, parcel);
            Release(done);
            done = null;
            if (!granted)
            {
                release(parcel);
                return (line, null);
            }

            parcel.HandedOver = true;
            var outcome = await line.SendAsync(parcel);
            pace.Leave(parcel);
            entered = false;
            done = Passing(SendResult.Of(parcel, outcome, clock.GetUtcNow(), Random.Shared));
            if (string.Equals(done.Class, "throttled", StringComparison.Ordinal))
            {
                pace.Slow(parcel.Domain);
            }

            if (!line.IsReusable)
            {
                await line.DisposeAsync();
                line = null;
            }

            return (line, done);
        }
        finally
        {
            if (entered)
            {
                pace.Leave(parcel);
            }
        }
    }

    private async Task FinishAsync(SendResult? done)
    {
        if (done is not null)
        {
            await ledger.ExchangeAsync(done, null);
            Release(done);
        }
    }

    private void Release(SendResult? done)
    {
        if (done is not null)
        {
            release(done.Parcel);
        }
    }

    /// <summary>A server that refuses our login is shut for a while by itself, where the account has another.</summary>
    private SendResult Passing(SendResult result)
    {
        if (result.PauseUntil is not { } until || !result.Parcel.HasOtherWays)
        {
            return result;
        }

        Shut(result.Class, until);
        return result with { PauseUntil = null, NextAt = clock.GetUtcNow() };
    }

    private SendResult Broken(SendResult result)
    {
        if (result.Class is not ("host_down" or "host_block" or "busy" or "protocol") || Interlocked.Increment(ref _failuresInRow) < BreakAfter)
        {
            return result;
        }

        Shut(result.Class, clock.GetUtcNow() + BreakFor);

        // With another server at hand it need not wait for the schedule.
        return result.Parcel.HasOtherWays && result.State == SendState.Deferred ? result with { NextAt = clock.GetUtcNow() } : result;
    }

    private void Shut(string @class, DateTimeOffset until)
    {
        List<Parcel> left;
        lock (_gate)
        {
            _brokenUntil = until;
            left = [.. _byDomain.Values.SelectMany(p => p)];
            _byDomain.Clear();
            _domains.Clear();
            _waiting = 0;
            _failuresInRow = 0;
        }

        // They wait in the ledger, where the next claim puts them off or takes them another way.
        LogBroken(@class, left.Count, until);
        left.ForEach(release);
    }

    /// <summary>The next parcel that its domain's caps let go, the domains taking turns; null when there is none now.</summary>
    private Parcel? Take()
    {
        lock (_gate)
        {
            var soonest = Timeout.InfiniteTimeSpan;
            for (var tried = _domains.Count; tried > 0 && !_closing; tried--)
            {
                var turn = _domains.First!;
                _domains.RemoveFirst();
                if (!pace.TryEnter(turn.Value.Parcels.Peek(), out var wait))
                {
                    _domains.AddLast(turn);
                    soonest = wait != Timeout.InfiniteTimeSpan && (soonest == Timeout.InfiniteTimeSpan || wait < soonest) ? wait : soonest;
                    continue;
                }

                var parcel = turn.Value.Parcels.Dequeue();
                _waiting--;
                if (turn.Value.Parcels.Count > 0)
                {
                    _domains.AddLast(turn);
                }
                else
                {
                    _byDomain.Remove(turn.Value.Domain);
                }

                return parcel;
            }

            if (_waiting > 0 && !_timerSet)
            {
                _timerSet = true;
                _ = StartAgainAsync(soonest == Timeout.InfiniteTimeSpan ? TimeSpan.FromMilliseconds(100) : soonest);
            }

            return null;
        }
    }

    private async Task StartAgainAsync(TimeSpan wait)
    {
        await Task.Delay(wait + TimeSpan.FromMilliseconds(1), TimeProvider.System);
        lock (_gate)
        {
            _timerSet = false;
            StartLines();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A line to the mail server ended by surprise")]
    private partial void LogLineFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mail server cannot be used ({Class}) until {Until}; {Count} mails wait or go another way")]
    private partial void LogBroken(string @class, int count, DateTimeOffset until);
}
